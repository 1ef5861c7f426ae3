import type { CryptoLibrary, ModuleApi, Prosody } from "../../bridge/api";
import { has_archive } from "../push/archived";

export const xmlns_push2 = "urn:xmpp:push2:0";

/** Which stanzas a push is sent for. */
export const match_all = "urn:xmpp:push2:match:all";
export const match_important = "urn:xmpp:push2:match:important";
export const match_archived = "urn:xmpp:push2:match:archived";
export const match_archived_with_body = "urn:xmpp:push2:match:archived-with-body";

/** What a push says: that there is something, and nothing else. */
export const send_notify_only = "urn:xmpp:push2:send:notify-only:0";
/** The stanza itself, encrypted for the client (RFC 8291), with a token for its push service (RFC 8292). */
export const send_encrypted = "urn:xmpp:push2:send:sce+rfc8291+rfc8292:0";

/** What clients can ask for on this host. */
export interface Profiles {
	/** The match profiles as of now: modules come and go. */
	matches(this: void): readonly string[];
	/** The send profiles. */
	sends: readonly string[];
}

/** @param crypto nil where nothing can be encrypted */
export function profiles_of(module: ModuleApi, prosody: Prosody, crypto: CryptoLibrary | undefined): Profiles {
	return {
		matches: () => (has_archive(module, prosody)
			? [match_all, match_important, match_archived, match_archived_with_body]
			: [match_all, match_important]),
		sends: crypto !== undefined ? [send_notify_only, send_encrypted] : [send_notify_only],
	};
}
