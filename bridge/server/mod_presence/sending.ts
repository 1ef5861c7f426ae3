import type { HostObject, Prosody, Session, Stanza } from "../../api";

/** Sends presence on behalf of an origin, with the events that a client's own would fire. */
export type SendTo = (origin: Session | HostObject, stanza: Stanza, to: string | undefined) => void;

export function createSendTo(prosody: Prosody): SendTo {
	return (origin, stanza, to) => {
		stanza.attr.to = to;
		prosody.core_post_stanza(origin, stanza, true);
	};
}
