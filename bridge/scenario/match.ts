import { assign } from "./assignment";
import { fillIn, matchPattern, parsePattern, type Captures, type ValueOf } from "./pattern";
import { elementsOf, textOf, type XmlAttribute, type XmlElement } from "./xml";
import { openingTag } from "./xml-print";

/** The first thing that is not as expected. */
export interface Mismatch {
	/** Names of elements from the stanza down, such as `iq/query/item`. */
	path: string;
	/** What is compared there: `element`, `namespace`, `attribute id`, `text` or `child`. */
	what: string;
	/** Undefined: nothing was expected. */
	expected?: string;
	/** Undefined: there is nothing. */
	received?: string;
}

export type MatchResult = { captures: Captures } | { mismatch: Mismatch };

/** A mismatch whose path is put together only if it is shown: it can be long. */
interface Miss extends Omit<Mismatch, "path"> {
	place: Place;
}

type Result = { captures: Captures } | { miss: Miss };

/**
 * How an element is compared.
 * - `stanza`: further attributes and children may be there, in any order; an element with a namespace of its own is
 *   compared strictly;
 * - `loose`, written `scansion:strict="false"`: the same for every namespace;
 * - `strict`: exactly these attributes and children, in this order; but an element that is empty says nothing of the
 *   text in it: Prosody's own scripts count on that;
 * - `exact`, written `scansion:strict="true"`: strict, and what is empty must be empty.
 */
type Rules = "stanza" | "loose" | "strict" | "exact";

/** Where in the stanza, from the inside out. */
interface Place {
	name: string;
	above?: Place;
}

interface Pair {
	expected: XmlElement;
	received: XmlElement;
	rules: Rules;
	place: Place;
}

/** A comparison that hands those of children to its caller: stanzas nest deeper than the call stack goes. */
type Comparison = Generator<Pair, Result, Result>;

/** A path longer than this is shortened in its middle. */
const SHOWN_STEPS = 12;

/** Namespaces of the streams that a stanza can come over. It is the same stanza on each of them. */
const STREAM_NAMESPACES = new Set(["", "jabber:client", "jabber:component:accept", "jabber:server"]);

/**
 * Compares a stanza by Scansion's rules.
 * @param expected from a script
 * @param valueOf the values of the variables in it
 * @returns what was captured, in the order of the script, or the first mismatch
 */
export function matchStanza(expected: XmlElement, received: XmlElement, valueOf: ValueOf): MatchResult {
	const result = new Matcher(namespaceOf(expected), valueOf).match(expected, received);
	if (!("miss" in result)) return result;
	const { place, ...what } = result.miss;
	return { mismatch: { path: pathTo(place), ...what } };
}

class Matcher {
	readonly #stanzaNamespace: string;
	readonly #valueOf: ValueOf;

	constructor(stanzaNamespace: string, valueOf: ValueOf) {
		this.#stanzaNamespace = stanzaNamespace;
		this.#valueOf = valueOf;
	}

	match(expected: XmlElement, received: XmlElement): Result {
		const place: Place = { name: expected.name };
		const otherName = this.#compareNames(expected, received, place, "element");
		if (otherName) return otherName;

		const open = [this.#compare({ expected, received, rules: this.#rulesFor(expected, "stanza"), place })];
		let result: Result | undefined;
		for (let comparison = open[0]; comparison; comparison = open[open.length - 1]) {
			// The first `next` takes no value, and ignores one.
			const step: IteratorResult<Pair, Result> = comparison.next(result as Result);
			result = step.done ? step.value : undefined;
			if (step.done) open.pop();
			else open.push(this.#compare(step.value));
		}
		if (!result) throw new Error("a comparison ended without a result");
		return result;
	}

	*#compare(pair: Pair): Comparison {
		const attributes = this.#compareAttributes(pair);
		if ("miss" in attributes) return attributes;
		const text = this.#compareText(pair);
		if ("miss" in text) return text;
		const children = yield* isLoose(pair.rules) ? this.#findChildren(pair) : this.#compareChildren(pair);
		if ("miss" in children) return children;
		return { captures: [...attributes.captures, ...text.captures, ...children.captures] };
	}

	#compareAttributes({ expected, received, rules, place }: Pair): Result {
		const captures: Captures = [];
		const further = new Map(comparableAttributes(received).map((attribute) => [keyOf(attribute), attribute]));
		for (const attribute of comparableAttributes(expected)) {
			const value = further.get(keyOf(attribute))?.value;
			further.delete(keyOf(attribute));
			const pattern = parsePattern(attribute.value);
			const captured = value === undefined ? undefined : matchPattern(pattern, value, this.#valueOf);
			if (!captured) return miss(place, `attribute ${attribute.name}`, fillIn(pattern, this.#valueOf), value);
			captures.push(...captured);
		}
		const [unexpected] = further.values();
		if (isLoose(rules) || !unexpected) return { captures };
		return miss(place, `attribute ${unexpected.name}`, undefined, unexpected.value);
	}

	#compareText({ expected, received, rules, place }: Pair): Result {
		const text = textOf(expected);
		const free = isLoose(rules) || (rules === "strict" && elementsOf(expected).length === 0);
		if (text === "" && free) return { captures: [] };
		const pattern = parsePattern(text);
		const receivedText = textOf(received);
		const captures = matchPattern(pattern, receivedText, this.#valueOf);
		return captures ? { captures } : miss(place, "text", fillIn(pattern, this.#valueOf), receivedText);
	}

	/** All children, in order. */
	*#compareChildren(pair: Pair): Comparison {
		const captures: Captures = [];
		const wanted = elementsOf(pair.expected);
		const present = elementsOf(pair.received);
		for (let index = 0; index < Math.max(wanted.length, present.length); index++) {
			const child = wanted[index];
			const candidate = present[index];
			if (!child || !candidate) {
				return miss(pair.place, "child", child && this.#showExpected(child), candidate && openingTag(candidate));
			}
			const otherName = this.#compareNames(child, candidate, pair.place, "child");
			if (otherName) return otherName;
			const result = yield this.#below(pair, child, candidate);
			if ("miss" in result) return result;
			for (const capture of result.captures) captures.push(capture);
		}
		return { captures };
	}

	/** For each expected child one of its own among those received, in any order. */
	*#findChildren(pair: Pair): Comparison {
		const wanted = elementsOf(pair.expected);
		const present = elementsOf(pair.received);
		const accepted: Map<number, Captures>[] = [];
		const refused: Map<number, Miss>[] = [];
		for (const child of wanted) {
			const accepts = new Map<number, Captures>();
			const refuses = new Map<number, Miss>();
			for (const [index, candidate] of present.entries()) {
				if (!sameName(child, candidate)) continue;
				const result = yield this.#below(pair, child, candidate);
				if ("miss" in result) refuses.set(index, result.miss);
				else accepts.set(index, result.captures);
			}
			accepted.push(accepts);
			refused.push(refuses);
		}
		const assigned = assign(accepted.map((accepts) => [...accepts.keys()]));
		const captures: Captures = [];
		for (const [index, child] of wanted.entries()) {
			const chosen = assigned[index];
			if (chosen === undefined) return this.#missing(pair.place, child, refused[index], new Set(assigned));
			for (const capture of accepted[index]?.get(chosen) ?? []) captures.push(capture);
		}
		return { captures };
	}

	/** Why there is no such child: what is wrong with the one most like it, if there is one. */
	#missing(
		place: Place, child: XmlElement, refused: ReadonlyMap<number, Miss> | undefined,
		taken: ReadonlySet<number | undefined>,
	): Result {
		const candidates = [...refused ?? []];
		const [, likely] = candidates.find(([index]) => !taken.has(index)) ?? candidates[0] ?? [];
		return likely ? { miss: likely } : miss(place, "child", this.#showExpected(child));
	}

	#below({ rules, place }: Pair, expected: XmlElement, received: XmlElement): Pair {
		return { expected, received, rules: this.#rulesFor(expected, rules), place: { name: expected.name, above: place } };
	}

	#rulesFor(element: XmlElement, inherited: Rules): Rules {
		const strict = element.attributes.find(({ namespace, local }) => namespace === "scansion" && local === "strict");
		if (strict) return strict.value === "true" ? "exact" : "loose";
		return inherited === "stanza" && namespaceOf(element) !== this.#stanzaNamespace ? "strict" : inherited;
	}

	#compareNames(expected: XmlElement, received: XmlElement, place: Place, what: string): Result | undefined {
		if (sameName(expected, received)) return undefined;
		if (expected.local !== received.local) {
			return miss(place, what, this.#showExpected(expected), openingTag(received));
		}
		const below = what === "child" ? { name: expected.name, above: place } : place;
		return miss(below, "namespace", namespaceOf(expected), namespaceOf(received));
	}

	#showExpected(element: XmlElement): string {
		return openingTag(element, (value) => fillIn(parsePattern(value), this.#valueOf));
	}
}

function isLoose(rules: Rules): boolean {
	return rules === "stanza" || rules === "loose";
}

function namespaceOf({ namespace }: XmlElement): string {
	return STREAM_NAMESPACES.has(namespace) ? "jabber:client" : namespace;
}

function sameName(expected: XmlElement, received: XmlElement): boolean {
	return expected.local === received.local && namespaceOf(expected) === namespaceOf(received);
}

/** Without declarations of namespaces, which names are compared with, and instructions to Scansion. */
function comparableAttributes({ attributes }: XmlElement): XmlAttribute[] {
	return attributes.filter(({ namespace }) => namespace !== "xmlns" && namespace !== "scansion");
}

function keyOf({ namespace, local }: XmlAttribute): string {
	return `${namespace} ${local}`;
}

function miss(place: Place, what: string, expected?: string, received?: string): Result {
	return { miss: { place, what, expected, received } };
}

function pathTo(place: Place): string {
	const names: string[] = [];
	for (let at: Place | undefined = place; at; at = at.above) names.push(at.name);
	names.reverse();
	const shown = names.length > SHOWN_STEPS ? [...names.slice(0, 6), "…", ...names.slice(-5)] : names;
	return shown.join("/");
}
