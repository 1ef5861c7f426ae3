import { Element, escapeXML } from "ltx";
import type { Attributes, SerializedStanza, Stanza, StanzaChild, StanzaLibrary } from "../api/stanza";
import type { ErrorObject } from "../api/libraries";
import { checkName, checkText } from "./stanza-text";
import { luaIterable, multi } from "./multi";
import { luaType, table } from "./table";

const STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";

/** The element below a stanza, which leads back to it. */
class StanzaElement extends Element {
	declare children: (StanzaElement | string)[];

	constructor(name: string, attr: Attributes, readonly stanza: NodeStanza) {
		super(name);
		this.attrs = attr;
	}
}

/** A stanza on Node: Prosody's view (`util.stanza`) of an ltx element, which holds name, attributes and children. */
export class NodeStanza implements Stanza {
	readonly element: StanzaElement;
	declare _push_notify?: Record<string, boolean | undefined>;
	#tags: NodeStanza[] = [];
	/** The elements from below this one down to the insertion point. */
	#path: NodeStanza[] | undefined;

	/** @param attr becomes the stanza's own; neither it nor the name is checked */
	constructor(name: string, attr: Attributes) {
		this.element = new StanzaElement(name, attr, this);
	}

	get name(): string {
		return this.element.name;
	}

	set name(name: string) {
		this.element.name = name;
	}

	get attr(): Attributes {
		return this.element.attrs;
	}

	set attr(attr: Attributes) {
		this.element.attrs = attr;
	}

	get tags(): readonly NodeStanza[] {
		return this.#tags;
	}

	tag(name: string, attr?: Attributes): this {
		const child = newStanza(name, attr);
		this.#insertionPoint().#append(child);
		(this.#path ??= []).push(child);
		return this;
	}

	text(text?: string): this {
		if (text !== undefined && text !== "") this.#insertionPoint().add_direct_child(text);
		return this;
	}

	text_tag(name: string, text?: string, attr?: Attributes): this {
		return this.tag(name, attr).text(text).up();
	}

	body(text?: string, attr?: Attributes): this {
		return this.text_tag("body", text, attr);
	}

	query(xmlns: string): this {
		return this.tag("query", { xmlns });
	}

	up(): this {
		this.#path?.pop();
		return this;
	}

	reset(): this {
		this.#path = undefined;
		return this;
	}

	at_top(): boolean {
		return this.#path === undefined || this.#path.length === 0;
	}

	add_child(child: StanzaChild): this {
		this.#insertionPoint().add_direct_child(child);
		return this;
	}

	add_direct_child(child: StanzaChild): void {
		if (child instanceof NodeStanza) {
			this.#append(child);
		} else {
			checkText(child, "text");
			this.element.children.push(child);
		}
	}

	remove_children(name?: string, xmlns: string | undefined = this.attr.xmlns): this {
		return this.maptags((tag) =>
			(name === undefined || tag.name === name) && tag.attr.xmlns === xmlns ? undefined : tag);
	}

	get_child(name?: string, xmlns?: string): NodeStanza | undefined {
		return this.#tags.find((tag) => this.#matches(tag, name, xmlns));
	}

	get_child_text(name?: string, xmlns?: string): string | undefined {
		return this.get_child(name, xmlns)?.get_text();
	}

	child_with_name(name: string): NodeStanza | undefined {
		return this.#tags.find((tag) => tag.name === name);
	}

	child_with_ns(xmlns: string): NodeStanza | undefined {
		return this.#tags.find((tag) => tag.attr.xmlns === xmlns);
	}

	get_child_with_attr(
		name: string | undefined, xmlns: string | undefined, attr_name: string, attr_value: string,
		normalize?: (this: void, value: string | undefined) => string | undefined,
	): NodeStanza | undefined {
		return this.#tags.find((tag) => {
			if (!this.#matches(tag, name, xmlns)) return false;
			const value = tag.attr[attr_name];
			return (normalize?.(value) ?? value) === attr_value;
		});
	}

	children(): LuaIterable<StanzaChild> {
		return luaIterable(this.element.children.map(toChild));
	}

	childtags(name?: string, xmlns?: string): LuaIterable<NodeStanza> {
		return luaIterable(this.#tags.filter((tag) => this.#matches(tag, name, xmlns)));
	}

	maptags(callback: (this: void, tag: Stanza) => Stanza | undefined): this {
		const children = this.element.children;
		const mapped: (StanzaElement | string)[] = [];
		const count = children.length;
		for (let at = 0; at < count; at++) {
			const child = children[at]!;
			if (typeof child === "string") {
				mapped.push(child);
				continue;
			}
			const result = callback(child.stanza);
			if (result !== undefined) mapped.push(elementOf(result));
		}
		for (let at = count; at < children.length; at++) mapped.push(children[at]!);
		this.#replaceChildren(mapped);
		return this;
	}

	find(path: string): NodeStanza | string | undefined {
		return findBelow(this, path);
	}

	get_text(): string | undefined {
		return this.#tags.length === 0 ? this.element.children.join("") : undefined;
	}

	get_error(): LuaMultiReturn<[string | undefined, string | undefined, string | undefined, NodeStanza | undefined]> {
		const error = this.get_child("error");
		if (error === undefined) return multi(undefined, undefined, undefined, undefined);
		let condition: string | undefined;
		let text: string | undefined;
		let extra: NodeStanza | undefined;
		for (const tag of error.tags) {
			if (tag.attr.xmlns !== STANZA_ERRORS) extra = tag;
			else if (text === undefined && tag.name === "text") text = tag.get_text();
			else condition ??= tag.name;
			if (condition !== undefined && text !== undefined && extra !== undefined) break;
		}
		return multi(error.attr.type, condition ?? "undefined-condition", text, extra);
	}

	top_tag(): string {
		return `${openingTag(this.element, undefined)}>`;
	}

	/** The stanza as XML, as Prosody's `tostring` writes it. */
	toString(): string {
		let xml = "";
		walk(this, {
			enter(element, parent) {
				xml += openingTag(element, parent?.attrs.xmlns) + (element.children.length === 0 ? "/>" : ">");
			},
			text(text) {
				xml += escape(text);
			},
			leave(element) {
				if (element.children.length > 0) xml += `</${element.name}>`;
			},
		});
		return xml;
	}

	#insertionPoint(): NodeStanza {
		return this.#path?.at(-1) ?? this;
	}

	#append(child: NodeStanza): void {
		this.#tags.push(child);
		this.element.cnode(child.element);
	}

	#matches(tag: NodeStanza, name: string | undefined, xmlns: string | undefined): boolean {
		if (name !== undefined && tag.name !== name) return false;
		// A child without a namespace of its own is in its parent's, which may say so or not.
		return tag.attr.xmlns === xmlns || (xmlns === undefined && tag.attr.xmlns === this.attr.xmlns);
	}

	#replaceChildren(children: (StanzaElement | string)[]): void {
		for (const { element } of this.#tags) if (element.parent === this.element) element.parent = null;
		this.element.children = children;
		this.#tags = [];
		for (const child of children) {
			if (typeof child === "string") continue;
			child.parent = this.element;
			this.#tags.push(child.stanza);
		}
	}
}

/** A step of `find`: a namespace, a name, and what goes on after it. */
const pathStep = /(?:\{([^}]+)\})?(?!\{)([^@/#]*)([/#]?)/y;

function findBelow(stanza: NodeStanza, path: string): NodeStanza | string | undefined {
	for (let at = 0; path[at] !== "@";) {
		pathStep.lastIndex = at;
		const step = pathStep.exec(path);
		if (step === null) throw new Error(`bad path ${JSON.stringify(path)}: unfinished namespace`);
		const [, xmlns, name, end] = step;
		const found = stanza.get_child(name === "" ? undefined : name, xmlns);
		at = pathStep.lastIndex;
		if (at === path.length) return end === "#" ? found?.get_text() : found;
		if (found === undefined) return undefined;
		if (path[at] === "@") return found.attr[path.slice(at + 1)];
		stanza = found;
	}
	return stanza.attr[path.slice(1)];
}

function toChild(child: StanzaElement | string): NodeStanza | string {
	return typeof child === "string" ? child : child.stanza;
}

function elementOf(stanza: Stanza): StanzaElement {
	if (stanza instanceof NodeStanza) return stanza.element;
	throw new Error(`bad child: expected stanza, got ${luaType(stanza)}`);
}

// Most text has nothing to escape, and to look first takes half the time.
const special = /[&<>"']/;

function escape(text: string): string {
	return special.test(text) ? escapeXML(text) : text;
}

/** The opening tag without what closes it. `xmlns` is left out where it is the parent's. */
function openingTag(element: StanzaElement, parentNamespace: string | undefined): string {
	let xml = `<${element.name}`;
	let prefixes = 0;
	for (const name in element.attrs) {
		const value = element.attrs[name];
		if (value === undefined) continue;
		const separator = name.indexOf("\x01");
		if (separator >= 0) {
			const prefix = `ns${++prefixes}`;
			xml += ` xmlns:${prefix}='${escape(name.slice(0, separator))}'`;
			xml += ` ${prefix}:${name.slice(separator + 1)}='${escape(value)}'`;
		} else if (name !== "xmlns" || value !== parentNamespace) {
			xml += ` ${name}='${escape(value)}'`;
		}
	}
	return xml;
}

interface Visitor {
	enter(element: StanzaElement, parent: StanzaElement | undefined): void;
	text(text: string): void;
	leave(element: StanzaElement): void;
}

/** Visits the stanza and all below it in document order. It keeps its own stack, as elements may nest very deep. */
function walk(stanza: NodeStanza, visitor: Visitor): void {
	const elements: StanzaElement[] = [];
	const positions: number[] = [];
	let element = stanza.element;
	let at = 0;
	visitor.enter(element, undefined);
	for (;;) {
		if (at < element.children.length) {
			const child = element.children[at++]!;
			if (typeof child === "string") {
				visitor.text(child);
			} else {
				visitor.enter(child, element);
				elements.push(element);
				positions.push(at);
				element = child;
				at = 0;
			}
		} else {
			visitor.leave(element);
			const parent = elements.pop();
			if (parent === undefined) return;
			element = parent;
			at = positions.pop()!;
		}
	}
}

function copyAttributes(attr: Attributes): Attributes {
	const copy: Attributes = table<string | undefined>();
	for (const name in attr) if (attr[name] !== undefined) copy[name] = attr[name];
	return copy;
}

function expectAttributes(attr: unknown): asserts attr is Attributes {
	if (typeof attr === "object" && attr !== null) return;
	throw new Error(`invalid attributes: expected table, got ${luaType(attr)}`);
}

function checkedAttributes(attr: Attributes): Attributes {
	expectAttributes(attr);
	const copy: Attributes = table<string | undefined>();
	for (const name in attr) {
		const value = attr[name];
		if (value === undefined) continue;
		checkName(name, "attribute");
		checkText(value, "attribute");
		copy[name] = value;
	}
	return copy;
}

/** A stanza of its own; throws on a name or an attribute that XML forbids. */
export function newStanza(name: string, attr?: Attributes): NodeStanza {
	checkName(name, "tag");
	return new NodeStanza(name, attr === undefined ? table<string | undefined>() : checkedAttributes(attr));
}

/** Whether the value is a stanza of this host. */
export function isStanza(value: unknown): value is NodeStanza {
	return value instanceof NodeStanza;
}

function expectStanza(value: unknown, caller: string): asserts value is NodeStanza {
	if (!isStanza(value)) throw new Error(`bad argument to ${caller}: expected stanza, got ${luaType(value)}`);
}

/** A copy of the stanza without the fields that modules set on it; of its top element alone if `only_top`. */
export function clone(stanza: Stanza, only_top = false): NodeStanza {
	expectStanza(stanza, "clone");
	const copyOf = (element: StanzaElement): NodeStanza => new NodeStanza(element.name, copyAttributes(element.attrs));
	if (only_top) return copyOf(stanza.element);
	const path: NodeStanza[] = [];
	let last!: NodeStanza;
	walk(stanza, {
		enter(element) {
			const copy = copyOf(element);
			path.at(-1)?.add_direct_child(copy);
			path.push(copy);
		},
		text(text) {
			path.at(-1)!.element.children.push(text);
		},
		leave() {
			last = path.pop()!;
		},
	});
	return last;
}

/** A serialized stanza as this host has it: its children are at 1, 2, …, as in Lua. */
interface NumberedStanza extends SerializedStanza {
	[position: number]: NumberedStanza | string;
}

/** The stanza as plain data: name, attributes, and its children at 1, 2, …. */
export function preserialize(stanza: Stanza): SerializedStanza {
	expectStanza(stanza, "preserialize");
	const path: { data: NumberedStanza; children: number }[] = [];
	const add = (child: NumberedStanza | string): void => {
		const parent = path.at(-1);
		if (parent !== undefined) parent.data[++parent.children] = child;
	};
	let last!: NumberedStanza;
	walk(stanza, {
		enter(element) {
			const data = table<unknown>() as unknown as NumberedStanza;
			data.name = element.name;
			data.attr = copyAttributes(element.attrs);
			add(data);
			path.push({ data, children: 0 });
		},
		text: add,
		leave() {
			last = path.pop()!.data;
		},
	});
	return last;
}

/** Stores of old versions part the namespace of an attribute from its name with a bar. */
function deserializeAttributes(attr: unknown): Attributes {
	expectAttributes(attr);
	const result: Attributes = table<string | undefined>();
	for (const [name, value] of Object.entries(attr)) {
		result[name.includes("\x01") ? name : name.replace(/^([^|]+)\|(?=.)/su, "$1\x01")] = value;
	}
	return result;
}

/** The reverse of `preserialize`. Throws on what no stanza can hold. */
export function deserialize(serialized: SerializedStanza): NodeStanza;
export function deserialize(serialized: SerializedStanza | undefined): NodeStanza | undefined;
export function deserialize(serialized: SerializedStanza | undefined): NodeStanza | undefined {
	if (serialized === undefined) return undefined;
	const open = (data: NumberedStanza): { data: NumberedStanza; stanza: NodeStanza; next: number } =>
		({ data, stanza: newStanza(data.name, deserializeAttributes(data.attr)), next: 1 });
	const top = open(serialized as NumberedStanza);
	const path = [top];
	for (let current = path.at(-1); current !== undefined; current = path.at(-1)) {
		const child = current.data[current.next++];
		if (child === undefined) {
			path.pop();
		} else if (typeof child === "object") {
			const below = open(child);
			current.stanza.add_direct_child(below.stanza);
			path.push(below);
		} else if (typeof child === "string") {
			current.stanza.add_direct_child(child);
		}
	}
	return top.stanza;
}

function message(attr?: Attributes, body?: string): NodeStanza {
	const stanza = newStanza("message", attr);
	return body === undefined ? stanza : stanza.text_tag("body", body);
}

function iq(attr: Attributes): NodeStanza {
	if (attr === undefined) throw new Error("iq stanzas require id and type attributes");
	if (attr.id === undefined) throw new Error("iq stanzas require an id attribute");
	if (attr.type === undefined) throw new Error("iq stanzas require a type attribute");
	return newStanza("iq", attr);
}

function presence(attr?: Attributes): NodeStanza {
	return newStanza("presence", attr);
}

function reply(stanza: Stanza): NodeStanza {
	expectStanza(stanza, "reply");
	const { to, from, id, type } = stanza.attr;
	return newStanza(stanza.name, { to: from, from: to, id, type: stanza.name === "iq" ? "result" : type });
}

function error_reply(
	stanza: Stanza, error: string | ErrorObject, condition?: string, text?: string, by?: string,
): NodeStanza {
	expectStanza(stanza, "error_reply");
	if (stanza.attr.type === "error") {
		throw new Error("bad argument to error_reply: got stanza of type error which must not be replied to");
	}
	if (typeof error !== "object") error = { type: error, condition: condition!, text, context: { by } };
	const { extra, context } = error;
	const answer = reply(stanza);
	answer.attr.type = "error";
	const author = typeof context?.by === "string" ? context.by : by;
	answer.tag("error", { type: error.type, by: author === answer.attr.from ? undefined : author });
	answer.tag(error.condition, { xmlns: STANZA_ERRORS });
	if (error.condition === "gone" && typeof extra?.uri === "string") answer.text(extra.uri);
	answer.up();
	if (error.text !== undefined) answer.text_tag("text", error.text, { xmlns: STANZA_ERRORS });
	if (isStanza(extra?.tag)) {
		answer.add_child(extra.tag);
	} else if (typeof extra?.namespace === "string" && typeof extra.condition === "string") {
		answer.tag(extra.condition, { xmlns: extra.namespace }).up();
	}
	return answer;
}

/** `util.stanza`. `error_reply` also takes an error object (`util.error`) in place of type, condition and text. */
export const stanzaLibrary: StanzaLibrary & { error_reply: typeof error_reply } = {
	stanza: newStanza,
	is_stanza: isStanza,
	message,
	iq,
	presence,
	reply,
	error_reply,
	clone,
	preserialize,
	deserialize,
	xml_escape: escape,
};
