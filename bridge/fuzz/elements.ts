import { elementsOf, isElement, parseXml } from "../scenario/xml";
import { printXml } from "../scenario/xml-print";
import type { XmlElement, XmlNode } from "../scenario/xml";

/** How deep an element may nest to be a word: what is made of words is walked through recursively. */
const DEEPEST = 100;

/** An element, and what holds it if it is not the stanza itself. */
export interface Place {
	element: XmlElement;
	parent?: XmlElement;
	stanza: XmlElement;
	depth: number;
}

/** The stanza and all elements in it, each after what holds it. */
export function placesIn(stanza: XmlElement): Place[] {
	const places: Place[] = [{ element: stanza, stanza, depth: 0 }];
	for (const { element, depth } of places) {
		for (const child of elementsOf(element)) places.push({ element: child, parent: element, stanza, depth: depth + 1 });
	}
	return places;
}

/** The element and all in it, each after what holds it. */
export function allIn(element: XmlElement): XmlElement[] {
	return placesIn(element).map((place) => place.element);
}

/**
 * Whether an element can be taken to pieces and put together otherwise: it is not too deep, and has no prefixes of its
 * own, which mean something only below where they are declared.
 */
export function canBeTakenToPieces(element: XmlElement): boolean {
	return placesIn(element).every(({ depth, element: { name, attributes } }) => {
		return depth <= DEEPEST && [name, ...attributes.map((each) => each.name)].every(hasNoOwnPrefix);
	});
}

function hasNoOwnPrefix(name: string): boolean {
	return !name.includes(":") || name.startsWith("xml:");
}

/** A copy that shares nothing with the element. */
export function copy(element: XmlElement): XmlElement {
	return {
		...element,
		attributes: element.attributes.map((attribute) => ({ ...attribute })),
		children: element.children.map((child: XmlNode) => (isElement(child) ? copy(child) : child)),
	};
}

/** A copy without layout, with its texts and values rewritten. */
export function rewritten(element: XmlElement, text: (text: string) => string): XmlElement {
	const hasElements = element.children.some(isElement);
	const children: XmlNode[] = [];
	for (const child of element.children) {
		if (isElement(child)) children.push(rewritten(child, text));
		else if (child.trim() !== "" || (!hasElements && !child.includes("\n"))) children.push(text(child));
	}
	const attributes = element.attributes.map((attribute) => ({ ...attribute, value: text(attribute.value) }));
	return { ...element, attributes, children };
}

/** The elements of a text, without layout. */
export function parseElements(text: string): XmlElement[] {
	return parseXml(text).map((element) => rewritten(element, (value) => value));
}

/** Elements, each once. */
export class DistinctElements {
	readonly #byText = new Map<string, XmlElement>();

	constructor(elements: Iterable<XmlElement> = []) {
		for (const element of elements) this.add(element);
	}

	add(element: XmlElement): void {
		const text = printXml(element);
		if (!this.#byText.has(text)) this.#byText.set(text, element);
	}

	[Symbol.iterator](): Iterator<XmlElement> {
		return this.#byText.values();
	}
}
