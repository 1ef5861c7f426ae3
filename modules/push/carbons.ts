import type { Stanza } from "../../bridge/api";

/** The message inside a carbon copy (XEP-0280), if the stanza is one. */
export function carbon_copied_message(stanza: Stanza): Stanza | undefined {
	for (const tag of stanza.tags) {
		if (tag.attr.xmlns === "urn:xmpp:carbons:2") {
			return tag.find("{urn:xmpp:forward:0}/{jabber:client}message") as Stanza | undefined;
		}
	}
	return undefined;
}

/**
 * The same, if the server made the copy: it does so in the name of the user, and anyone can write what looks like one.
 * @param account the user's bare JID
 */
export function message_copied_for(account: string, stanza: Stanza): Stanza | undefined {
	return stanza.attr.from === account ? carbon_copied_message(stanza) : undefined;
}
