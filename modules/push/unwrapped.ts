import type { Stanza } from "../../bridge/api";
import { received } from "./received";

/**
 * What a carbon copy of a received message holds, else the stanza. Of what the user sent from another device there is nothing
 * else to tell than of the copy.
 * @param account the user's bare JID
 */
export function unwrapped(stanza: Stanza, account: string): Stanza {
	return received(stanza, account) ?? stanza;
}
