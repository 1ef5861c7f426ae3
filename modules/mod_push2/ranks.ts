import type { Stanza } from "../../bridge/api";

export const xmlns_client = "jabber:client";

/** What an element tells: what kind of message it is, its text encrypted or not, what helps to show it, anything else. */
export type Rank = "kind" | "encryption" | "body" | "detail" | "extra";

const kinds: readonly string[] = [
	"urn:xmpp:jingle-message:0", // calls: XEP-0353
	"urn:xmpp:call-invites:0", // XEP-0482
	"urn:xmpp:message-correct:0", // XEP-0308
	"urn:xmpp:message-retract:0", // XEP-0424
	"urn:xmpp:message-retract:1",
	"urn:xmpp:message-moderate:0", // XEP-0425
	"urn:xmpp:message-moderate:1",
	"urn:xmpp:fasten:0", // XEP-0422, which retractions used to be in
	"urn:xmpp:reactions:0", // XEP-0444
	"jabber:x:conference", // XEP-0249
	"http://jabber.org/protocol/muc#user", // XEP-0045: invitations, among others
	"urn:xmpp:receipts", // XEP-0184
	"urn:xmpp:chat-markers:0", // XEP-0333
	"http://jabber.org/protocol/chatstates", // XEP-0085
	"urn:xmpp:attention:0", // XEP-0224
	"http://jabber.org/protocol/pubsub#event", // XEP-0060
	"urn:xmpp:eme:0", // by what it is encrypted: XEP-0380
];
const encryption: readonly string[] = [
	"eu.siacs.conversations.axolotl", // OMEMO, as most clients have it
	"urn:xmpp:omemo:0",
	"urn:xmpp:omemo:1",
	"urn:xmpp:omemo:2", // XEP-0384
	"jabber:x:encrypted", // XEP-0027
	"urn:xmpp:openpgp:0", // XEP-0373
];
const details: readonly string[] = [
	"jabber:x:oob", // XEP-0066
	"urn:xmpp:reply:0", // XEP-0461
	"urn:xmpp:delay", // XEP-0203
];

/** Names that are not what they seem in a plain table of JavaScript's are none in a Map. */
const of_namespace = new Map<string, Rank>();
for (const xmlns of kinds) of_namespace.set(xmlns, "kind");
for (const xmlns of encryption) of_namespace.set(xmlns, "encryption");
for (const xmlns of details) of_namespace.set(xmlns, "detail");

/** Elements of the stanza's own namespace. */
const of_name = new Map<string, Rank>();
of_name.set("error", "kind");
of_name.set("body", "body");
of_name.set("subject", "detail");
of_name.set("thread", "detail");

/** @param tag a child of a stanza */
export function rank_of({ name, attr: { xmlns } }: Stanza): Rank {
	return (xmlns === undefined ? of_name.get(name) : of_namespace.get(xmlns)) ?? "extra";
}
