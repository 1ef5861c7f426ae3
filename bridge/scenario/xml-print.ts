import { isElement, layoutOf, type XmlAttribute, type XmlElement, type XmlNode } from "./xml";

/** How text and values are written. */
export type Rewrite = (text: string) => string;

/** White space is among them where a parser would change it: all of it in values, carriage returns in text. */
const ESCAPES = new Map([
	["&", "&amp;"], ["<", "&lt;"], [">", "&gt;"], ["\"", "&quot;"], ["'", "&apos;"],
	["\t", "&#9;"], ["\n", "&#10;"], ["\r", "&#13;"],
]);

const asItIs: Rewrite = (text) => text;

const anyAttribute: (attribute: XmlAttribute) => boolean = () => true;

/** The opening tag alone. */
export function openingTag(element: XmlElement, rewrite = asItIs, keep = anyAttribute): string {
	const attributes = element.attributes.filter(keep).map(({ name, value }) => {
		return ` ${name}="${escape(rewrite(value), /[&<>"'\t\n\r]/g)}"`;
	});
	return `<${element.name}${attributes.join("")}>`;
}

/**
 * The element as it is sent: without layout, and without `scansion:` attributes, which tell how to compare.
 * @param rewrite sees every value and every text before it is escaped
 */
export function printXml(element: XmlElement, rewrite = asItIs): string {
	return print(element, () => "", rewrite, ({ namespace }) => namespace !== "scansion");
}

/** The element as text for a person: every element on a line of its own, save that text stays beside its tags. */
export function prettyXml(element: XmlElement): string {
	// Deeper down, more white space would only be longer, not clearer.
	return print(element, (depth) => "\n" + "  ".repeat(Math.min(depth, 40)), asItIs, anyAttribute).trimStart();
}

/** Elements nest deeper than the call stack goes, hence the list of what is still to be written. */
function print(
	root: XmlElement, indent: (depth: number) => string, rewrite: Rewrite, keep: (attribute: XmlAttribute) => boolean,
): string {
	const written: string[] = [];
	const pending: ({ node: XmlNode; depth: number; inText: boolean } | string)[] =
		[{ node: root, depth: 0, inText: false }];
	for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
		if (typeof next === "string") {
			written.push(next);
			continue;
		}
		const { node, depth, inText } = next;
		if (!isElement(node)) {
			written.push(escape(rewrite(node), /[&<>"'\r]/g));
			continue;
		}
		const children = withoutLayout(node);
		const opening = openingTag(node, rewrite, keep);
		written.push(inText ? "" : indent(depth), children.length > 0 ? opening : opening.replace(/>$/, "/>"));
		if (children.length === 0) continue;
		const beside = inText || children.some((child) => !isElement(child));
		pending.push(`${beside ? "" : indent(depth)}</${node.name}>`);
		for (const child of children.reverse()) pending.push({ node: child, depth: depth + 1, inText: beside });
	}
	return written.join("");
}

function withoutLayout(element: XmlElement): XmlNode[] {
	const isLayout = layoutOf(element);
	return element.children.filter((child) => isElement(child) || !isLayout(child));
}

function escape(text: string, special: RegExp): string {
	return text.replace(special, (character) => ESCAPES.get(character) ?? character);
}
