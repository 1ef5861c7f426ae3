import type { Stanza } from "../../bridge/api";

// Every stanza is looked at, and few hold any of this: one walk through the children costs less than a search for each.

/** An element of a message, as it is named: `NAMESPACE NAME`. */
export type ElementName = string;

const encryption: Readonly<Record<ElementName, boolean | undefined>> = {
	"eu.siacs.conversations.axolotl encrypted": true, // OMEMO
	"urn:xmpp:omemo:0 encrypted": true,
	"jabber:x:encrypted x": true, // XEP-0027
	"urn:xmpp:openpgp:0 openpgp": true, // XEP-0373
};

/** Whether an element marks its message as encrypted. */
export function is_encryption(name: ElementName): boolean {
	return encryption[name] === true;
}

export function has_child(stanza: Stanza, is_wanted: (this: void, name: ElementName) => boolean): boolean {
	for (const tag of stanza.tags) {
		const { xmlns } = tag.attr;
		if (xmlns !== undefined && is_wanted(`${xmlns} ${tag.name}`)) return true;
	}
	return false;
}

/** Whether there is text for everybody to read. */
export function has_text(message: Stanza): boolean {
	const body = message.get_child_text("body");
	return body !== undefined && body !== "";
}
