import fc from "fast-check";
import { copy } from "./elements";
import { elementsOf } from "../scenario/xml";
import { grouped } from "./grouped";
import type { XmlAttribute, XmlElement } from "../scenario/xml";

/** What a request may hold: an attribute or a child, as each of the requests has it that do. */
type Part = readonly (XmlAttribute | XmlElement)[];

/** Makes mixtures of a stanza: it holds, beside what it does, what others of its kind hold, and often nothing more. */
export type Mix = (stanza: XmlElement) => fc.Arbitrary<XmlElement>;

/**
 * Scenarios ask for one thing at a time: each registers with what it is about. Here requests are put together from what
 * several of them hold, in any combination.
 * @param requests as often as they are said, which is how likely what they hold is
 */
export function mixtures(requests: readonly XmlElement[]): Mix {
	const kinds = new Map(Array.from(grouped(requests, kindOf), ([kind, some]) => {
		return [kind, grouped(some.flatMap(partsOf), nameOf)] as const;
	}));
	return (stanza) => {
		const held = new Set(partsOf(stanza).map(nameOf));
		const lacking: Part[] = [...kinds.get(kindOf(stanza)) ?? []].filter(([name]) => !held.has(name)).map(([, part]) => part);
		if (lacking.length === 0) return fc.constant(stanza);
		return fc.oneof(
			{ weight: 1, arbitrary: fc.constant<Part[]>([]) },
			{ weight: 2, arbitrary: fc.subarray(lacking) },
		).chain((chosen) => fc.tuple(...chosen.map((part) => fc.constantFrom(...part)))).map((added) => holding(stanza, added));
	};
}

/** What a request asks for: its first element. */
function commandOf(stanza: XmlElement): XmlElement | undefined {
	return stanza.name === "iq" ? elementsOf(stanza)[0] : undefined;
}

/** Requests of one kind ask for the same. */
export function kindOf(stanza: XmlElement): string {
	const command = commandOf(stanza);
	return command ? `${stanza.name} ${command.namespace} ${command.name}` : stanza.name;
}

function partsOf(stanza: XmlElement): (XmlAttribute | XmlElement)[] {
	const command = commandOf(stanza);
	return !command ? [] : [...command.attributes.filter(({ name }) => !name.startsWith("xmlns")), ...elementsOf(command)];
}

function nameOf(part: XmlAttribute | XmlElement): string {
	return "children" in part ? `<${part.name} xmlns="${part.namespace}">` : part.name;
}

function holding(stanza: XmlElement, parts: readonly (XmlAttribute | XmlElement)[]): XmlElement {
	const mixed = copy(stanza);
	const command = commandOf(mixed);
	for (const part of parts) {
		if ("children" in part) command?.children.push(copy(part));
		else command?.attributes.push({ ...part });
	}
	return mixed;
}
