import type { DataForm, DataformsLibrary, FieldType } from "../api/libraries";
import type { Stanza } from "../api/stanza";
import { isStanza, newStanza, type NodeStanza } from "./stanza";
import { jidLibrary } from "./jid";
import { multi } from "./multi";
import { table } from "./table";

const DATA_FORMS = "jabber:x:data";

/** An entry of a list to choose from. */
interface Choice {
	label?: string;
	value: string;
	default?: boolean;
}

type Layout = Parameters<DataformsLibrary["new"]>[0];
type Reading = [value?: unknown, error?: string];

class NodeForm implements DataForm {
	readonly #layout: Layout;

	constructor(layout: Layout) {
		this.#layout = layout;
	}

	form(data: Record<string, unknown> = {}, type = "form"): NodeStanza {
		const form = newStanza("x", { xmlns: DATA_FORMS, type });
		if (type === "cancel") return form;
		if (type !== "submit") {
			const { title, instructions } = this.#layout;
			if (title !== undefined) form.text_tag("title", title);
			if (instructions !== undefined) form.text_tag("instructions", instructions);
		}
		for (const field of this.#layout) {
			const label = type === "submit" ? undefined : field.label;
			form.tag("field", { type: field.type, var: field.name, label });
			const given = Object.hasOwn(data, field.name) ? data[field.name] : undefined;
			const choices = type === "form" && isList(field.type) && Array.isArray(given) ? given : undefined;
			const value = choices === undefined ? given ?? field.value : addChoices(form, field.type, choices);
			if (value !== undefined) addValue(form, field.type, value);
			if (type === "form" && field.required) form.tag("required").up();
			form.up();
		}
		return form;
	}

	data(form: Stanza): LuaMultiReturn<[Record<string, unknown>, Record<string, string>?]> {
		const values = table<unknown>();
		const errors = table<string>();
		const tags = new Map<string | undefined, Stanza>();
		for (const tag of form.childtags("field")) if (!tags.has(tag.attr.var)) tags.set(tag.attr.var, tag);
		for (const { name, type, required = false } of this.#layout) {
			const tag = tags.get(name);
			if (tag === undefined) {
				if (required) errors[name] = "Required value missing";
				continue;
			}
			const [value, error] = readers[type]?.(tag, required) ?? [];
			if (value !== undefined) values[name] = value;
			if (error !== undefined) errors[name] = error;
		}
		return Object.keys(errors).length > 0 ? multi(values, errors) : multi(values);
	}
}

function isList(type: FieldType): boolean {
	return type === "list-single" || type === "list-multi";
}

/** Adds what can be chosen, and returns what is chosen by default. */
function addChoices(form: NodeStanza, type: FieldType, choices: (Choice | string)[]): string[] | string | undefined {
	const chosen: string[] = [];
	for (const choice of choices) {
		const { label, value, default: by_default }: Choice =
			typeof choice === "string" ? { label: choice, value: choice } : choice;
		form.tag("option", { label }).text_tag("value", value).up();
		if (by_default) chosen.push(value);
	}
	return type === "list-multi" ? chosen : chosen[0];
}

function addValue(form: NodeStanza, type: FieldType, value: unknown): void {
	if (typeof value === "number") value = type === "boolean" ? value !== 0 : wholeNumber(value);
	switch (type) {
		case "boolean":
			form.text_tag("value", value !== false ? "1" : "0");
			break;
		case "hidden":
			form.tag("value");
			if (isStanza(value)) form.add_child(value);
			else form.text(value as string);
			form.up();
			break;
		case "jid-multi":
		case "list-multi":
			for (const item of value as string[]) form.text_tag("value", item);
			break;
		case "text-multi":
			for (const line of (value as string).match(/[^\r\n]+/g) ?? []) form.text_tag("value", line);
			break;
		default:
			form.text_tag("value", value as string);
	}
}

function wholeNumber(number: number): string {
	if (!Number.isInteger(number)) throw new Error(`A data form cannot hold ${number}: it is no whole number`);
	return BigInt(number).toString();
}

function readText(tag: Stanza, required: boolean): Reading {
	const text = tag.get_child_text("value");
	return required && (text === undefined || text === "") ? [undefined, "Required value missing"] : [text];
}

function readList(tag: Stanza, required: boolean): [values?: string[], error?: string] {
	const values: string[] = [];
	for (const value of tag.childtags("value")) {
		const text = value.get_text();
		if (text !== undefined) values.push(text);
	}
	if (values.length > 0) return [values];
	return required ? [undefined, "Required value missing"] : [];
}

function readJid(tag: Stanza, required: boolean): Reading {
	const [text, error] = readText(tag, required);
	if (typeof text !== "string") return [text, error];
	const jid = jidLibrary.prep(text);
	return jid === undefined ? [undefined, `Invalid JID: ${text}`] : [jid];
}

function readJids(tag: Stanza, required: boolean): Reading {
	const [texts = []] = readList(tag, false);
	const jids: string[] = [];
	const errors: string[] = [];
	for (const text of texts) {
		const jid = jidLibrary.prep(text);
		if (jid === undefined) errors.push(`Invalid JID: ${text}`);
		else jids.push(jid);
	}
	if (jids.length > 0) return [jids, errors.length > 0 ? errors.join("\n") : undefined];
	return required ? [undefined, "Required value missing"] : [];
}

function readBoolean(tag: Stanza, required: boolean): Reading {
	const [text, error] = readText(tag, required);
	if (text === undefined) return [undefined, error];
	if (text === "1" || text === "true") return [true];
	if (text === "0" || text === "false") return [false];
	return [undefined, `Invalid boolean representation:${String(text)}`];
}

function readLines(tag: Stanza, required: boolean): Reading {
	const [lines, error] = readList(tag, required);
	return [lines?.join("\n"), error];
}

const readers: Partial<Record<FieldType, (tag: Stanza, required: boolean) => Reading>> = {
	"boolean": readBoolean,
	"hidden": (tag) => [tag.get_child_text("value")],
	"jid-multi": readJids,
	"jid-single": readJid,
	"list-multi": readList,
	"list-single": readText,
	"text-multi": readLines,
	"text-private": readText,
	"text-single": readText,
};

/** `util.dataforms` (XEP-0004). A list of `{ label, value, default }`, or of text, as data is what a list offers. */
export const dataformsLibrary: DataformsLibrary = { new: (layout) => new NodeForm(layout) };
