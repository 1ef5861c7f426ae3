import type { Stanza } from "../../bridge/api";

// Every stanza is looked at, and few hold any of this: one walk through the children costs less than a search for each.

/** Elements in messages that say something about their importance, as they are named: `NAMESPACE NAME`. */
const call = "urn:xmpp:jingle-message:0 propose";
const encryption: Readonly<Record<string, boolean | undefined>> = {
	"eu.siacs.conversations.axolotl encrypted": true, // OMEMO
	"urn:xmpp:omemo:0 encrypted": true,
	"jabber:x:encrypted x": true, // XEP-0027
	"urn:xmpp:openpgp:0 openpgp": true, // XEP-0373
};

function has_child(stanza: Stanza, is_wanted: (this: void, name: string) => boolean): boolean {
	for (const tag of stanza.tags) {
		const { xmlns } = tag.attr;
		if (xmlns !== undefined && is_wanted(`${xmlns} ${tag.name}`)) return true;
	}
	return false;
}

/** The message inside a carbon copy (XEP-0280), if the stanza is one. */
export function carbon_copied_message(stanza: Stanza): Stanza | undefined {
	for (const tag of stanza.tags) {
		if (tag.attr.xmlns === "urn:xmpp:carbons:2") {
			return tag.find("{urn:xmpp:forward:0}/{jabber:client}message") as Stanza | undefined;
		}
	}
	return undefined;
}

/** Whether a message is encrypted: such a message may have an empty body or none. */
export function has_encryption(message: Stanza): boolean {
	return has_child(message, (name) => encryption[name] === true);
}

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
	if (has_child(message, (name) => name === call || encryption[name] === true)) return true;

	if (message.attr.type === "groupchat" && message.get_child_text("subject") !== undefined) return false;

	const body = message.get_child_text("body");
	return body !== undefined && body !== "";
}
