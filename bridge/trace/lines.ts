import { inTheClear } from "./push2";
import { indentation, writeJson } from "./json";
import { openedRequest } from "./webpush";
import { readCanonical, walk } from "./canonical";
import type { TraceEntry } from "./entry";
import type { XmlElement } from "../scenario/xml";

/**
 * A trace entry as lines for reading, which are also what is compared: two entries with the same lines are the same.
 * XML is in canonical form, an element a line, with white space shown as character references wherever it would be
 * lost in this layout.
 * @param text applied to every text in the entry, such as to replace ids
 */
export function entryLines(entry: TraceEntry, text: (text: string) => string): string[] {
	switch (entry.kind) {
		case "stanza": {
			const { xml, payload } = inTheClear(entry);
			return [...stanzaLines(xml, text), ...payload === undefined ? [] : jsonLines({ payload }, text)];
		}
		case "reply":
			return stanzaLines(entry.xml, text);
		case "http": {
			const { method, url, headers, vapid, body, payload, answer, undelivered } = openedRequest(entry);
			if (undelivered) return [`${method} ${text(url)}`];
			const data = { headers, vapid, ...body !== "" && { body }, payload, answer };
			return [`${method} ${text(url)}`, ...jsonLines(data, text)];
		}
		case "store":
			return entry.data === null ? ["(deleted)"] : jsonLines(entry.data, text);
	}
}

function jsonLines(data: unknown, text: (text: string) => string): string[] {
	return writeJson(data, { sorted: true, lines: true, text }).split("\n");
}

function stanzaLines(xml: string, text: (text: string) => string): string[] {
	const root = readCanonical(xml);
	return root ? xmlLines(root, text) : text(xml).split("\n");
}

function xmlLines(root: XmlElement, text: (text: string) => string): string[] {
	const lines: string[] = [];
	walk(root, (node, depth) => {
		if (typeof node === "string") {
			lines.push(indentation(depth) + visible(text(node), /[&<>]/g));
			return;
		}
		const attributes = node.attributes.map(({ name, value }) => ` ${name}="${visible(text(value), /[&<>"]/g)}"`);
		const start = `${indentation(depth)}<${node.name}${attributes.join("")}`;
		lines.push(node.children.length > 0 ? `${start}>` : `${start}/>`);
	}, (element, depth) => {
		const [only, second] = element.children;
		if (typeof only === "string" && second === undefined) {
			const words = lines.pop()!.trimStart();
			lines.push(`${lines.pop()!}${words}</${element.name}>`);
		} else if (only !== undefined) {
			lines.push(`${indentation(depth)}</${element.name}>`);
		}
	});
	return lines;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" };

/** Escaped, with the white space marked that nobody would see: at either end, and all but single spaces. */
function visible(text: string, special: RegExp): string {
	const escaped = text.replace(special, (character) => ESCAPES[character]!);
	return escaped.replace(/^ +| +$|[^\S ]| {2,}/g, (blank) => {
		return [...blank].map((character) => `&#${character.codePointAt(0)};`).join("");
	});
}
