import type { Stanza } from "../../bridge/api";
import { message_copied_for } from "./carbons";

/**
 * What a carbon copy of a received message holds, else the stanza; nil for a copy of what the user sent.
 * @param account the user's bare JID
 */
export function received(stanza: Stanza, account: string): Stanza | undefined {
	const copied = message_copied_for(account, stanza);
	if (copied === undefined) return stanza;
	return stanza.child_with_name("sent") === undefined ? copied : undefined;
}
