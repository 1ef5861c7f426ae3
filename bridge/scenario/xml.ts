import { SaxesParser } from "saxes";
import { Problem, quote, shorten } from "./scenario-error";

export interface XmlAttribute {
	/** As written, with its prefix. */
	name: string;
	/** "" if it has no prefix; the prefix itself for `xmlns` and `scansion`, which scripts do not declare. */
	namespace: string;
	local: string;
	value: string;
}

export interface XmlElement {
	/** As written, with its prefix. */
	name: string;
	/** "" if none is declared. */
	namespace: string;
	local: string;
	/** In the order written, declarations of namespaces among them. */
	attributes: XmlAttribute[];
	children: XmlNode[];
	/** Where it begins, from the first line on that the parser was given. */
	line: number;
}

export type XmlNode = XmlElement | string;

const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
/** Ours alone: the parser's own table inherits from Object, and then knows `&constructor;`. */
const ENTITIES = { amp: "&", gt: ">", lt: "<", quot: "\"", apos: "'" };

/** The prefixes that an element declares, and those of its parent. */
interface Scope {
	declared: Map<string, string>;
	outer?: Scope;
}

/** A tag that opens an element, as far as it was read. */
interface OpeningTag {
	name: string;
	line: number;
	/** With the line where each ends. */
	attributes: Map<string, { value: string; line: number }>;
	/** Whether its `>` was read. */
	complete: boolean;
}

/**
 * Reads any number of elements, one after the other. Comments are dropped; document types and processing
 * instructions, which XMPP forbids (RFC 6120, 11.1), are errors. The prefix `scansion` need not be declared.
 * @param firstLine the number of the text's first line
 * @throws Problem with its line, where it is not well-formed
 */
export function parseXml(text: string, firstLine = 1): XmlElement[] {
	const elements: XmlElement[] = [];
	const open: { element: XmlElement; scope: Scope }[] = [];
	const parser = new SaxesParser({ fragment: true, position: false });
	parser.ENTITIES = Object.assign(Object.create(null), ENTITIES);
	const line = () => firstLine + parser.line - 1;
	let tag: OpeningTag = { name: "", line: firstLine, attributes: new Map(), complete: true };

	const fail = (message: string, at = line()): never => {
		throw new Problem(message, at);
	};
	const addText = (value: string) => {
		const parent = open[open.length - 1];
		if (!parent) {
			const text = value.trimStart();
			if (text !== "") failForText(text);
			return;
		}
		const { children } = parent.element;
		const last = children[children.length - 1];
		if (typeof last === "string") children[children.length - 1] = last + value;
		else children.push(value);
	};
	/** The line is where it begins, but never before all of it: a line feed may be written as a reference. */
	const failForText = (text: string) => {
		const [first = "", ...more] = text.split("\n");
		fail(`${quote(first.trimEnd())} stands outside of an element`, Math.max(firstLine, line() - more.length));
	};

	parser.on("error", ({ message }) => {
		const innermost = open[open.length - 1]?.element;
		const closing = /^unmatched closing tag: (.*)\.$/s.exec(message)?.[1];
		if (closing !== undefined) fail(`</${shorten(closing)}> closes nothing, no element is open there`);
		if (/^(?:unclosed tag|unexpected end)/.test(message)) {
			if (!tag.complete) fail(`the tag <${shorten(tag.name)} has no > at its end`, tag.line);
			if (innermost) fail(`${angled(innermost)} is not closed`, innermost.line);
		}
		const inside = tag.complete ? innermost : tag;
		const where = inside ? `, in ${angled(inside)}${inside.line === line() ? "" : ` of line ${inside.line}`}` : "";
		fail(message.replace(/\.$/, "") + where);
	});
	parser.on("doctype", () => fail("a document type is not allowed in a stanza"));
	parser.on("processinginstruction", () => fail("a processing instruction is not allowed in a stanza"));
	parser.on("opentagstart", ({ name }) => {
		// The parser has read on by one character, which may be the end of the line.
		tag = { name, line: parser.column === 0 ? line() - 1 : line(), attributes: new Map(), complete: false };
	});
	parser.on("attribute", ({ name, value }) => {
		if (tag.attributes.has(name)) fail(`${angled(tag)} has the attribute ${shorten(name)} twice`);
		tag.attributes.set(name, { value, line: line() });
	});
	parser.on("opentag", () => {
		const parent = open[open.length - 1];
		const scope = scopeOf(tag, parent?.scope);
		const attributes = Array.from(tag.attributes, ([name, { value, line: at }]) => {
			const failWith = (what: string) => fail(`attribute ${shorten(name)} of ${angled(tag)}: ${what}`, at);
			return { ...resolve(name, scope, "", failWith), value };
		});
		const failWith = (what: string) => fail(`${angled(tag)}: ${what}`, tag.line);
		const element: XmlElement = {
			...resolve(tag.name, scope, lookUp(scope, ""), failWith), attributes, children: [], line: tag.line,
		};
		tag.complete = true;
		if (parent) parent.element.children.push(element);
		else elements.push(element);
		open.push({ element, scope });
	});
	parser.on("closetag", ({ name, isSelfClosing }) => {
		const closed = open.pop();
		if (isSelfClosing || !closed) return;
		const end = parser.position - ">".length;
		const closing = text.slice(text.lastIndexOf("</", end) + "</".length, end).trim();
		if (closing === name) return;
		fail(`</${shorten(closing)}> closes ${angled(closed.element)}, which was opened in line ${closed.element.line}`);
	});
	parser.on("text", addText);
	parser.on("cdata", addText);
	// The space ends a name that is the last of the text: only then its tag begins for the parser.
	parser.write(`${text} `).close();
	return elements;
}

/** For messages. */
function angled({ name }: { name: string }): string {
	return `<${shorten(name)}>`;
}

function scopeOf({ attributes }: OpeningTag, outer: Scope | undefined): Scope {
	const declared = new Map<string, string>();
	for (const [name, { value }] of attributes) {
		if (name === "xmlns") declared.set("", value);
		else if (name.startsWith("xmlns:")) declared.set(name.slice("xmlns:".length), value);
	}
	if (outer && declared.size === 0) return outer;
	return { declared, outer };
}

function lookUp(scope: Scope, prefix: string): string {
	for (let at: Scope | undefined = scope; at; at = at.outer) {
		const namespace = at.declared.get(prefix);
		if (namespace !== undefined) return namespace;
	}
	return "";
}

function resolve(name: string, scope: Scope, withoutPrefix: string, fail: (message: string) => never) {
	const colon = name.indexOf(":");
	if (colon < 0) return { name, namespace: name === "xmlns" ? "xmlns" : withoutPrefix, local: name };
	const prefix = name.slice(0, colon);
	const local = name.slice(colon + 1);
	if (prefix === "" || local === "" || local.includes(":")) fail("not a name with a prefix");
	if (prefix === "xmlns" || prefix === "scansion") return { name, namespace: prefix, local };
	const namespace = prefix === "xml" ? XML_NAMESPACE : lookUp(scope, prefix);
	if (namespace === "") fail(`the prefix ${shorten(prefix)} is not declared`);
	return { name, namespace, local };
}

export function isElement(node: XmlNode): node is XmlElement {
	return typeof node !== "string";
}

/** The child elements. */
export function elementsOf(element: XmlElement): XmlElement[] {
	return element.children.filter(isElement);
}

/**
 * What tells text in this element that is there for the eye only: white space between elements, or the line break of
 * an element that was written over several lines.
 */
export function layoutOf(element: XmlElement): (text: string) => boolean {
	const hasElements = element.children.some(isElement);
	return (text) => text.trim() === "" && (hasElements || text.includes("\n"));
}

/** Text of an element itself, without layout. */
export function textOf(element: XmlElement): string {
	const isLayout = layoutOf(element);
	return element.children.filter((node) => !isElement(node) && !isLayout(node)).join("");
}
