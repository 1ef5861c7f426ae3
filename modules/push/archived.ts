import type { Stanza } from "../../bridge/api";
import { carbon_copied_message } from "./importance";

/**
 * The id under which a user's archive stored a message, or the message that it is a copy of (XEP-0359): the server
 * takes out what others claim in the account's name, unless it archives the message, and then puts its own at the end.
 * @param account the user's bare JID
 */
export function archive_id_of(stanza: Stanza, account: string): string | undefined {
	// Others can write what looks like a copy.
	const copied = stanza.attr.from === account ? carbon_copied_message(stanza) : undefined;
	const message = copied ?? stanza;
	let archive_id: string | undefined;
	for (const { name, attr } of message.tags) {
		if (name === "stanza-id" && attr.xmlns === "urn:xmpp:sid:0" && attr.by === account) archive_id = attr.id;
	}
	return archive_id;
}
