import type { Require, Stanza } from "../api";

export const STREAMS_NAMESPACE = "http://etherx.jabber.org/streams";

/**
 * Reads one element as it came over a stream whose default namespace is `default_xmlns`: like Prosody's
 * `util.xmppstream`, elements in that namespace carry no `attr.xmlns`, save below an element of another one, and a
 * stanza without a language takes the stream's, English.
 *
 * @returns nil for what is not one well-formed element, and for restricted XML (RFC 6120, 11.1)
 */
export function parseElement(require: Require, text: string, default_xmlns: string): Stanza | undefined {
	const [stream] = require("util.xml").parse(
		`<stream:stream xmlns="${default_xmlns}" xmlns:stream="${STREAMS_NAMESPACE}">${text}</stream:stream>`,
	);
	const stanza = stream?.tags[0];
	if (!stanza || stream.tags.length > 1) return undefined;
	for (const child of stream.children()) {
		if (typeof child === "string" && child.trim() !== "") return undefined;
	}
	leaveOutDefault(stanza, default_xmlns);
	if (stanza.attr["xml:lang"] === undefined) stanza.attr["xml:lang"] = "en";
	return stanza;
}

/** Walks with a stack of its own: elements may nest deeper than calls can. */
function leaveOutDefault(top: Stanza, default_xmlns: string): void {
	const open: Stanza[] = [top];
	for (let element = open.pop(); element; element = open.pop()) {
		if ((element.attr.xmlns ?? default_xmlns) !== default_xmlns) continue;
		delete element.attr.xmlns;
		for (const child of element.tags) open.push(child);
	}
}
