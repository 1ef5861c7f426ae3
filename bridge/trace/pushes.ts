import { attributeOf, readCanonical } from "./canonical";
import { isElement } from "../scenario/xml";
import type { TraceEntry } from "./entry";
import type { XmlElement } from "../scenario/xml";

const PUBSUB = "http://jabber.org/protocol/pubsub";
const PUSH2 = "urn:xmpp:push2:0";

/**
 * How many entries are pushes: a notification published to an app server (XEP-0357), one as Push 2.0 sends it, or a
 * request that reached a push service (RFC 8030).
 */
export function countPushes(entries: readonly TraceEntry[]): number {
	return entries.filter(isPush).length;
}

function isPush(entry: TraceEntry): boolean {
	if (entry.kind === "http") {
		return entry.method === "POST" && !entry.undelivered;
	}
	const stanza = entry.kind === "stanza" ? readCanonical(entry.xml) : undefined;
	switch (stanza?.name) {
		case "iq": {
			const pubsub = attributeOf(stanza, "type") === "set" ? childOf(stanza, "pubsub", PUBSUB) : undefined;
			return pubsub !== undefined && childOf(pubsub, "publish", PUBSUB) !== undefined;
		}
		case "message":
			return childOf(stanza, "notification", PUSH2) !== undefined;
		default:
			return false;
	}
}

function childOf(element: XmlElement, name: string, namespace: string): XmlElement | undefined {
	return element.children.filter(isElement).find((child) => child.name === name && child.namespace === namespace);
}
