import { SaxesParser } from "saxes";
import { Problem } from "./scenario-error";

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
	let tagLine = firstLine;

	const fail = (message: string): never => {
		throw new Problem(message, line());
	};
	const addText = (value: string) => {
		const parent = open[open.length - 1];
		if (!parent) {
			if (value.trim() !== "") fail("text outside of an element");
			return;
		}
		const { children } = parent.element;
		const last = children[children.length - 1];
		if (typeof last === "string") children[children.length - 1] = last + value;
		else children.push(value);
	};

	parser.on("error", (error) => {
		const unclosed = open[open.length - 1];
		if (unclosed && /^unclosed tag/.test(error.message)) {
			throw new Problem(`<${unclosed.element.name}> is not closed`, unclosed.element.line);
		}
		fail(error.message.replace(/\.$/, ""));
	});
	parser.on("doctype", () => fail("a document type is not allowed in a stanza"));
	parser.on("processinginstruction", () => fail("a processing instruction is not allowed in a stanza"));
	parser.on("opentagstart", () => { tagLine = line(); });
	parser.on("opentag", (tag) => {
		const parent = open[open.length - 1];
		const attributes = Object.entries(tag.attributes as Record<string, string>);
		const scope = scopeOf(attributes, parent?.scope);
		const element: XmlElement = {
			...resolve(tag.name, scope, lookUp(scope, ""), fail),
			attributes: attributes.map(([name, value]) => ({ ...resolve(name, scope, "", fail), value })),
			children: [],
			line: tagLine,
		};
		if (parent) parent.element.children.push(element);
		else elements.push(element);
		open.push({ element, scope });
	});
	parser.on("closetag", () => { open.pop(); });
	parser.on("text", addText);
	parser.on("cdata", addText);
	parser.write(text).close();
	return elements;
}

function scopeOf(attributes: [string, string][], outer: Scope | undefined): Scope {
	const declared = new Map<string, string>();
	for (const [name, value] of attributes) {
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
	if (prefix === "" || local === "" || local.includes(":")) fail(`${name} is not a name with a prefix`);
	if (prefix === "xmlns" || prefix === "scansion") return { name, namespace: prefix, local };
	const namespace = prefix === "xml" ? XML_NAMESPACE : lookUp(scope, prefix);
	if (namespace === "") fail(`the prefix ${prefix} is not declared`);
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
