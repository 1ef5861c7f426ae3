import { attributeOf, readCanonical, walk } from "./canonical";
import { encryptedIn } from "./payload";
import type { TraceEntry } from "./entry";

const ID_ATTRIBUTE = /\s(?:id|queryid|previd)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const STANZAS: ReadonlySet<string> = new Set(["iq", "message", "presence"]);

/** Elements below a stanza that hold an id of the server's making, and in which attribute; in their text if in none. */
const SERVER_IDS: readonly { xmlns: string; name: string; attribute?: string }[] = [
	{ xmlns: "urn:xmpp:sid:0", name: "stanza-id", attribute: "id" },
	{ xmlns: "urn:xmpp:mam:2", name: "result", attribute: "id" },
	{ xmlns: "http://jabber.org/protocol/rsm", name: "first" },
	{ xmlns: "http://jabber.org/protocol/rsm", name: "last" },
	{ xmlns: "urn:xmpp:sm:3", name: "enabled", attribute: "id" },
	{ xmlns: "urn:xmpp:sm:3", name: "resumed", attribute: "previd" },
];

/** The ids that stand in the stanzas of a script, which therefore nobody generated. */
export function writtenIds(stanzas: Iterable<string>): Set<string> {
	const written = new Set<string>();
	for (const stanza of stanzas) {
		for (const [, double, single] of stanza.matchAll(ID_ATTRIBUTE)) {
			written.add((double ?? single)!);
		}
	}
	return written;
}

/**
 * The ids in a trace that the server made up: those of stanzas, of archived messages (XEP-0359, XEP-0313) and of
 * resumable streams (XEP-0198), except what the script itself wrote. What was encrypted with a random vector counts as
 * such an id, and the vector too, where the trace has what it says in the clear.
 * @param written what the script wrote
 */
export function generatedIds(trace: Iterable<TraceEntry>, written: ReadonlySet<string>): Set<string> {
	const generated = new Set<string>();
	const add = (id: unknown): void => {
		if (typeof id === "string" && id !== "" && !written.has(id)) {
			generated.add(id);
		}
	};
	for (const entry of trace) {
		const root = "xml" in entry ? readCanonical(entry.xml) : undefined;
		if (!root) {
			continue;
		}
		if (STANZAS.has(root.name)) {
			add(attributeOf(root, "id"));
		}
		const encrypted = entry.kind === "stanza" && entry.payload !== undefined ? encryptedIn(root) : undefined;
		add(encrypted?.iv);
		add(encrypted?.data);
		walk(root, (node) => {
			if (typeof node !== "string") {
				const holder = SERVER_IDS.find(({ xmlns, name }) => node.name === name && node.namespace === xmlns);
				add(holder && (holder.attribute ? attributeOf(node, holder.attribute) : node.children[0]));
			}
		});
	}
	return generated;
}

/**
 * The times in a trace that the server took from its clock: when it delayed a stanza (XEP-0203), except what the script
 * itself wrote.
 * @param written the stanzas of the script
 */
export function generatedTimes(trace: Iterable<TraceEntry>, written: Iterable<string>): Set<string> {
	const script = [...written].join("\n");
	const times = new Set<string>();
	for (const entry of trace) {
		const root = "xml" in entry ? readCanonical(entry.xml) : undefined;
		if (!root) {
			continue;
		}
		walk(root, (node) => {
			const isDelay = typeof node !== "string" && node.name === "delay" && node.namespace === "urn:xmpp:delay";
			const stamp = isDelay ? attributeOf(node, "stamp") : undefined;
			if (stamp !== undefined && !script.includes(stamp)) {
				times.add(stamp);
			}
		});
	}
	return times;
}

/** Replaces in a text every id that stands there as a whole word, by what `name` makes of it. */
export type IdReplacer = (text: string, name: (id: string) => string) => string;

/**
 * A replacer of generated ids. A word ends at whatever is no letter, digit, `-` or `_`, so that the resource in a JID
 * is found, and the id `12` is not found in `e12`.
 */
export function idReplacer(ids: Iterable<string>): IdReplacer {
	const longestFirst = [...ids].sort((a, b) => b.length - a.length);
	if (longestFirst.length === 0) {
		return (text) => text;
	}
	const alternatives = longestFirst.map(literal).join("|");
	const pattern = new RegExp(`(?<![A-Za-z0-9_-])(?:${alternatives})(?![A-Za-z0-9_-])`, "gu");
	return (text, name) => text.replace(pattern, (id) => name(id));
}

/**
 * The resources that the server chose for these accounts: those in a trace that the script did not write.
 * @param accounts bare JIDs
 */
export function chosenResources(
	trace: Iterable<TraceEntry>, accounts: Iterable<string>, written: ReadonlySet<string>,
): Set<string> {
	const chosen = new Set<string>();
	for (const account of accounts) {
		// A JID is all of an attribute's value or of a text: there may be spaces in its resource.
		const pattern = new RegExp(`(?<=["'>])${literal(account)}/([^"'<>]+)(?=["'<])`, "gu");
		for (const entry of trace) {
			for (const [, resource] of "xml" in entry ? entry.xml.matchAll(pattern) : []) {
				if (!written.has(resource!)) {
					chosen.add(resource!);
				}
			}
		}
	}
	return chosen;
}

/** A text as part of a regular expression. */
function literal(text: string): string {
	return text.replace(/[^A-Za-z0-9_]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
