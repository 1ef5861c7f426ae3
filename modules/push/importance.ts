import type { Stanza } from "../../bridge/api";
import { carbon_copied_message } from "./carbons";
import { has_child, has_text, is_encryption } from "./content";

const call = "urn:xmpp:jingle-message:0 propose";

/**
 * Whether a stanza must reach the user now, such as a call (XEP-0353).
 * @returns why, or nil if it can wait
 */
export function urgency(stanza: Stanza): string | undefined {
	return stanza.name === "message" && has_child(stanza, (name) => name === call) ? "jingle call" : undefined;
}

/**
 * Whether a push for this stanza is worth the user's attention. Clients on iOS get such pushes with a body, which is
 * what lets the device show something.
 */
export function is_important(stanza: Stanza): boolean {
	if (stanza.name !== "message") return false;

	let message = stanza;
	const copied = carbon_copied_message(stanza);
	if (copied !== undefined) {
		// What the user sent from another device is no news.
		if (stanza.child_with_name("sent") !== undefined) return false;
		message = copied;
	}
	if (message.attr.type === "headline") return false;

	// An encrypted message may have an empty body or none.
	if (has_child(message, (name) => name === call || is_encryption(name))) return true;

	if (message.attr.type === "groupchat" && message.get_child_text("subject") !== undefined) return false;

	return has_text(message);
}
