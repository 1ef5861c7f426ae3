import fc from "fast-check";
import { copy, placesIn, type Place } from "./elements";
import { elementsOf, isElement } from "../scenario/xml";
import { ofOtherBrowsers } from "./roles";
import type { Words } from "./words";
import type { XmlAttribute, XmlElement } from "../scenario/xml";

/** A small change to a stanza: which, to which of its elements, and numbers that choose among what there is. */
export interface Miss {
	how: keyof typeof MISSES;
	/** The element, counted through the document; taken round. */
	at: number;
	/** Which of its attributes or children. */
	which: number;
	/** Which word takes the place. */
	word: number;
}

/** Changes as they come at random: mostly none, rarely several. */
export function misses(): fc.Arbitrary<Miss[]> {
	const number = fc.nat(999);
	const miss = fc.record({ how: fc.constantFrom(...COMMON_FIRST), at: number, which: number, word: number });
	return fc.oneof(
		{ weight: 8, arbitrary: fc.constant<Miss[]>([]) },
		{ weight: 3, arbitrary: fc.array(miss, { minLength: 1, maxLength: 1 }) },
		{ weight: 1, arbitrary: fc.array(miss, { minLength: 2, maxLength: 4 }) },
	);
}

/** Changes to what a request holds, such as another's key or none at all: often one, in an element below its first. */
export function missesInRequest(): fc.Arbitrary<Miss[]> {
	const number = fc.nat(999);
	const another = "says it of another browser";
	const how = fc.constantFrom<Miss["how"][]>(
		another, another, another, another, "has a text of its like", "has a text that is off", "is empty", "lacks a child",
		"has a child twice",
	);
	const below = fc.constantFrom(1, 2, 2, 3, 3, 4, 4);
	return fc.oneof(
		{ weight: 3, arbitrary: fc.constant<Miss[]>([]) },
		{ weight: 4, arbitrary: fc.array(fc.record({ how, at: below, which: number, word: number }), { minLength: 1, maxLength: 2 }) },
	);
}

/** The stanza with these changes made to it, one after the other. One that cannot be made changes nothing. */
export function miss(stanza: XmlElement, changes: readonly Miss[], words: Words): XmlElement {
	const changed = copy(stanza);
	for (const change of changes) {
		const places = placesIn(changed);
		const place = places[change.at % places.length]!;
		MISSES[change.how](place, change, words);
	}
	return changed;
}

type Change = (place: Place, choice: Miss, words: Words) => void;

const TYPES: Readonly<Record<string, readonly string[]>> = {
	message: ["chat", "normal", "headline", "groupchat", "error", ""],
	presence: ["unavailable", "subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe", "error", ""],
	iq: ["get", "set", "result", "error", ""],
};

const ADDRESSES = [
	"{account}", "{account/0}", "{account/1}", "{account/gone}", "{other}", "{other/0}", "{service/0}", "{service/1}",
	"friend@{service/0}", "localhost", "localhost/x", "nobody@localhost", "nowhere.example", "Push.LocalHost", "a@b@c",
	"", "friend@contact.localhost", "@localhost", "ü@localhost",
];

const ODD_VALUES = ["", "0", "1", "-1", "true", "__proto__", "constructor", "é <&>\"'", "x".repeat(300)];

/** What makes another address or key of one, or the same written otherwise. */
const ENDINGS = ["x", "/", "?", "?x=1", "#x", "=", "==", " ", "%20", ".", "\u00e9"];

/** Where an attribute holds an address. */
const HOLDS_ADDRESS = new Set(["to", "from", "jid", "by"]);

const MISSES = {
	"leaves an attribute out": ({ element }, { which }) => {
		const left = attributesOf(element);
		drop(element.attributes, left[which % left.length]);
	},
	"takes a value from elsewhere": ({ element }, { which, word }, words) => {
		const candidates = attributesOf(element);
		const attribute = candidates[which % candidates.length];
		if (attribute) attribute.value = pick(valuesFor(attribute.name, words), word);
	},
	"takes an attribute from elsewhere": ({ element }, { which, word }, words) => {
		const names = [...words.values.keys()].filter((name) => !name.includes("xmlns"));
		const name = pick(names, which);
		if (element.attributes.some((attribute) => attribute.name === name)) return;
		const [prefix, local] = name.includes(":") ? name.split(":") : ["", name];
		const value = pick(valuesFor(name, words), word);
		if (prefix === "" || prefix === "xml") element.attributes.push({ name, namespace: "", local: local!, value });
	},
	"has another type": ({ stanza }, { word }) => {
		set(stanza, "type", pick(TYPES[stanza.name] ?? [""], word));
	},
	"goes elsewhere": ({ stanza }, { word }) => {
		set(stanza, "to", pick(ADDRESSES, word));
	},
	"has a name that is off": ({ element, parent }, { word }) => {
		// The server closes the stream of who sends such a stanza: that is tried, but ends much.
		if (parent || word % 10 === 0) element.name = offByOne(element.name, word);
	},
	"has a namespace that is off": ({ element, parent }, { word }) => {
		const namespace = element.attributes.find(({ name }) => name === "xmlns");
		if (namespace) namespace.value = offByOne(namespace.value, word);
		else if (parent || word % 10 === 0) set(element, "xmlns", "urn:example:other");
	},
	"has a namespace from elsewhere": ({ element, parent }, { word }, words) => {
		if (parent) set(element, "xmlns", pick(words.namespaces, word));
	},
	"lacks a child": ({ element }, { which }) => {
		element.children.splice(which % Math.max(1, element.children.length), 1);
	},
	"has a child twice": ({ element }, { which }) => {
		const child = element.children[which % Math.max(1, element.children.length)];
		if (child !== undefined) element.children.push(isElement(child) ? copy(child) : child);
	},
	"has its children in another order": ({ element }) => {
		element.children.reverse();
	},
	"holds a child of its child": ({ element }, { which }) => {
		const children = elementsOf(element);
		const child = children[which % Math.max(1, children.length)];
		if (child) element.children.push(...child.children.splice(0));
	},
	"holds an element from elsewhere": ({ element }, { word }, words) => {
		if (words.elements.length > 0) element.children.push(copy(pick(words.elements, word)));
	},
	"stands in an element from elsewhere": ({ element, parent }, { word }, words) => {
		if (!parent || words.elements.length === 0) return;
		const around = copy(pick(words.elements, word));
		around.children.push(element);
		parent.children[parent.children.indexOf(element)] = around;
	},
	"is empty": ({ element }) => {
		element.children = [];
	},
	"says it of another browser": ({ element }, { which }) => {
		const turned = (text: string): string => ofOtherBrowsers(text, 1 + which % 2);
		element.children = element.children.map((child) => (isElement(child) ? child : turned(child)));
	},
	"has a text of its like": ({ element }, { word }, words) => {
		const texts = words.textsOf.get(element.name);
		if (texts) element.children = [...elementsOf(element), pick(texts, word)];
	},
	"has a text that is off": ({ element }, { which, word }) => {
		const at = element.children.findIndex((child) => !isElement(child));
		const text = element.children[at];
		if (typeof text !== "string") return;
		// What stands for something else must stay whole.
		element.children[at] = text.includes("{") ? `${text}${pick(ENDINGS, which)}` : offByOne(text, word);
	},
	"has another text": ({ element }, { word }, words) => {
		const text = pick([...words.texts, ...ODD_VALUES], word);
		element.children = [...elementsOf(element), ...text === "" ? [] : [text]];
	},
} satisfies Record<string, Change>;

/** Shrinking prefers what comes first. */
const COMMON_FIRST = Object.keys(MISSES) as (keyof typeof MISSES)[];

function valuesFor(name: string, words: Words): readonly string[] {
	const known = words.values.get(name) ?? [];
	return HOLDS_ADDRESS.has(name) ? [...ADDRESSES, ...known] : [...known, ...ODD_VALUES];
}

/** Those that are no declarations of namespaces. */
function attributesOf(element: XmlElement): XmlAttribute[] {
	return element.attributes.filter(({ name }) => !name.startsWith("xmlns"));
}

/** A character left out, doubled or changed. */
function offByOne(text: string, choice: number): string {
	const characters = [...text];
	// A name begins with a letter.
	const at = Math.max(1, choice % Math.max(1, characters.length));
	const [before, after] = [characters.slice(0, at), characters.slice(at)];
	const changed = [[...before, before.at(-1) ?? "x", ...after], [...before, "x", ...after.slice(1)], [...before, ...after.slice(1)]];
	return changed[choice % 3]!.join("");
}

function set(element: XmlElement, name: string, value: string): void {
	const attribute = element.attributes.find((each) => each.name === name);
	if (attribute) attribute.value = value;
	else element.attributes.push({ name, namespace: name === "xmlns" ? "xmlns" : "", local: name, value });
}

function drop<T>(list: T[], item: T | undefined): void {
	const at = item === undefined ? -1 : list.indexOf(item);
	if (at >= 0) list.splice(at, 1);
}

function pick<T>(list: readonly T[], choice: number): T {
	return list[choice % list.length]!;
}
