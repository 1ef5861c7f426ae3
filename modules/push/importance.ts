import type { Stanza } from "../../bridge/api";

/** The message inside a carbon copy (XEP-0280), if the stanza is one. */
export function carbon_copied_message(stanza: Stanza): Stanza | undefined {
	return stanza.find("{urn:xmpp:carbons:2}/{urn:xmpp:forward:0}/{jabber:client}message") as Stanza | undefined;
}

/**
 * Whether a stanza must reach the user now, such as a call (XEP-0353).
 * @returns why, or nil if it can wait
 */
export function urgency(stanza: Stanza): string | undefined {
	if (stanza.name === "message" && stanza.get_child("propose", "urn:xmpp:jingle-message:0") !== undefined) {
		return "jingle call";
	}
	return undefined;
}

/** What says that a message has content which the server cannot read. */
function is_encrypted(message: Stanza): boolean {
	return message.get_child("encrypted", "eu.siacs.conversations.axolotl") !== undefined // OMEMO
		|| message.get_child("encrypted", "urn:xmpp:omemo:0") !== undefined
		|| message.get_child("x", "jabber:x:encrypted") !== undefined // XEP-0027
		|| message.get_child("openpgp", "urn:xmpp:openpgp:0") !== undefined; // XEP-0373
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
	if (is_encrypted(message)) return true;
	if (urgency(message) !== undefined) return true;

	if (message.attr.type === "groupchat" && message.get_child_text("subject") !== undefined) return false;

	const body = message.get_child_text("body");
	return body !== undefined && body !== "";
}
