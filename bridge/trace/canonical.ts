import { isElement, parseXml } from "../scenario/xml";
import type { XmlElement, XmlNode } from "../scenario/xml";

/** The namespaces that a stanza has from its stream: which of them depends on who looks, so they count as one. */
const STREAM_NAMESPACES: ReadonlySet<string> = new Set([
	"", "jabber:client", "jabber:server", "jabber:component:accept",
]);

const DISCO_INFO = "http://jabber.org/protocol/disco#info";

/** Namespaces by prefix. */
type Scope = ReadonlyMap<string, string>;

/**
 * Reads a stanza into canonical form: attributes sorted by name, and no declaration of a namespace that holds anyway.
 * All white space and the order of children stay, save that features in an answer to a query (XEP-0030), whose order
 * means nothing, are sorted: Prosody has none among modules that add to them.
 * @returns undefined if the text is not one well-formed element
 */
export function readCanonical(text: string): XmlElement | undefined {
	let elements: XmlElement[];
	try {
		elements = parseXml(text);
	} catch {
		return undefined;
	}
	const [root, ...others] = elements;
	if (!root || others.length > 0) {
		return undefined;
	}
	const pending: { element: XmlElement; outer: Scope }[] = [{ element: root, outer: new Map([["", ""]]) }];
	for (let next = pending.pop(); next; next = pending.pop()) {
		const { element, outer } = next;
		const scope = new Map(outer);
		element.attributes = element.attributes.filter(({ name, local, value }) => {
			const prefix = name === "xmlns" ? "" : name.startsWith("xmlns:") ? local : undefined;
			if (prefix === undefined) {
				return true;
			}
			scope.set(prefix, value);
			return !sameNamespace(outer.get(prefix), value);
		}).sort((a, b) => (a.name < b.name ? -1 : 1));
		if (element.name === "query" && element.namespace === DISCO_INFO) {
			element.children = withFeaturesSorted(element.children);
		}
		for (const child of element.children.filter(isElement)) {
			pending.push({ element: child, outer: scope });
		}
	}
	return root;
}

function withFeaturesSorted(children: readonly XmlNode[]): XmlNode[] {
	const variable = (node: XmlNode): string | undefined => {
		return isElement(node) && node.name === "feature" ? attributeOf(node, "var") : undefined;
	};
	const sorted = children.filter((node) => variable(node) !== undefined)
		.sort((a, b) => (variable(a)! < variable(b)! ? -1 : 1));
	return children.map((node) => (variable(node) === undefined ? node : sorted.shift()!));
}

function sameNamespace(a: string | undefined, b: string): boolean {
	return a === b || (a !== undefined && STREAM_NAMESPACES.has(a) && STREAM_NAMESPACES.has(b));
}

/** The value of an attribute by its name as written; undefined if it is absent. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
	return element.attributes.find((attribute) => attribute.name === name)?.value;
}

/** Visits an element and all below it in document order. Elements may nest as deep as they like. */
export function walk(
	root: XmlElement,
	enter: (node: XmlNode, depth: number) => void,
	leave?: (element: XmlElement, depth: number) => void,
): void {
	const pending: { node: XmlNode; depth: number; isLeft: boolean }[] = [{ node: root, depth: 0, isLeft: false }];
	for (let next = pending.pop(); next; next = pending.pop()) {
		const { node, depth, isLeft } = next;
		if (!isElement(node)) {
			enter(node, depth);
		} else if (isLeft) {
			leave?.(node, depth);
		} else {
			enter(node, depth);
			pending.push({ node, depth, isLeft: true });
			for (let index = node.children.length - 1; index >= 0; index--) {
				pending.push({ node: node.children[index]!, depth: depth + 1, isLeft: false });
			}
		}
	}
}
