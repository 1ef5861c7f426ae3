import type { JsonLibrary } from "../api/libraries";
import { hasLoneSurrogate } from "../native/bytes";
import { isTable } from "./table";
import { multi } from "./multi";
import { numberToText } from "./lua-number";

/** JSON's null, which is a value of its own in Prosody: a field that holds it is there. */
const nothing: object = Object.freeze({ toString: () => "null" });

function encode(value: unknown): string {
	if (value === nothing) return "null";
	if (typeof value === "string") return quote(value);
	if (typeof value === "number") return Number.isFinite(value) ? numberToText(value) : "null";
	if (typeof value === "boolean") return String(value);
	if (Array.isArray(value)) return `[${Array.from(value, encode).join(",")}]`;
	if (!isTable(value)) return "null";
	const members = Object.keys(value)
		.filter((key) => value[key] !== undefined && typeof value[key] !== "function")
		.map((key) => `${quote(key)}:${encode(value[key])}`);
	return `{${members.join(",")}}`;
}

/** Like Prosody, upper case in `\u` escapes, and bytes that are no UTF-8 as they are. */
function quote(text: string): string {
	return `"${text.replace(/["\\\x00-\x1f]/g, (character) => {
		const escaped = JSON.stringify(character).slice(1, -1);
		return escaped.startsWith("\\u") ? `\\u${escaped.slice(2).toUpperCase()}` : escaped;
	})}"`;
}

function decode(text: string): LuaMultiReturn<[unknown, string?]> {
	if (hasLoneSurrogate(text)) return multi(undefined, "invalid utf8");
	try {
		return multi(toHostData(JSON.parse(text)));
	} catch (error) {
		if (error instanceof SyntaxError) return multi(undefined, error.message);
		throw error;
	}
}

/** Puts null in its place, takes away what objects inherit, and rejects half a surrogate pair. Nesting may be deep. */
function toHostData(parsed: unknown): unknown {
	const top = [parsed];
	const open: (unknown[] | Record<string, unknown>)[] = [top];
	for (let current = open.pop(); current !== undefined; current = open.pop()) {
		if (!Array.isArray(current)) Object.setPrototypeOf(current, null);
		const members = current as Record<string, unknown>;
		for (const key of Object.keys(members)) {
			const value = members[key];
			if (value === null) members[key] = nothing;
			else if (typeof value === "object") open.push(value as Record<string, unknown>);
			if (hasLoneSurrogate(key) || (typeof value === "string" && hasLoneSurrogate(value))) {
				throw new SyntaxError("invalid escape");
			}
		}
	}
	return top[0];
}

/** `util.json`; `null` is what stands for JSON's null. */
export const jsonLibrary: JsonLibrary & { null: object } = { encode, decode, null: nothing };
