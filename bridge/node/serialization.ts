import { numberToLua, quote } from "./lua-literal";
import { isTable, luaType } from "./table";
import { falseKey, trueKey } from "./lua-data";

/** Prosody writes no table that is nested deeper. */
const MAX_DEPTH = 127;

/**
 * The value as Lua source, laid out as Prosody's `util.serialization` lays it out: one key a line, indented with tabs.
 * Lists become tables with keys from 1. Throws for functions, for other objects than tables, for a table that is there
 * twice, and for tables nested more than 127 deep.
 */
export function serialize(value: unknown): string {
	return serializeValue(value, 1, new Set());
}

function serializeValue(value: unknown, depth: number, seen: Set<object>): string {
	switch (typeof value) {
		case "undefined": return "nil";
		case "boolean": return String(value);
		case "number": return numberToLua(value);
		case "string": return quote(value);
		case "object":
			if (Array.isArray(value) || isTable(value)) return serializeTable(value, depth, seen);
			throw new Error(`Can't serialize ${value === null ? "null" : `an instance of ${value.constructor.name}`}`);
		default: throw new Error(`Can't serialize ${luaType(value)}`);
	}
}

function serializeTable(table: unknown[] | Record<string, unknown>, depth: number, seen: Set<object>): string {
	if (seen.has(table)) throw new Error("Can't serialize table: table has multiple references");
	if (depth > MAX_DEPTH) throw new Error("Can't serialize table: max table depth reached");
	seen.add(table);
	const indent = "\t".repeat(depth);
	let lua = "";
	let position = 1;
	for (const [key, value] of entries(table)) {
		const name = key === position ? "" : `[${serializeValue(key, depth, seen)}] = `;
		if (key === position) position++;
		lua += `\n${indent}${name}${serializeValue(value, depth + 1, seen)};`;
	}
	return lua === "" ? "{}" : `{${lua}\n${indent.slice(1)}}`;
}

/** The keys and values that the table has in Lua. */
function* entries(table: unknown[] | Record<string, unknown>): Generator<[string | number | boolean, unknown]> {
	if (Array.isArray(table)) {
		for (const [at, value] of table.entries()) if (value !== undefined) yield [at + 1, value];
		return;
	}
	const stanza = isSerializedStanza(table);
	for (const key of Object.keys(table)) {
		const value = table[key];
		if (value !== undefined) yield [stanza && /^[1-9]\d*$/.test(key) ? Number(key) : key, value];
	}
	for (const [symbol, key] of [[falseKey, false], [trueKey, true]] as const) {
		const value = (table as Record<symbol, unknown>)[symbol];
		if (value !== undefined) yield [key, value];
	}
}

/** Of all tables with text as keys, only preserialized stanzas also have positions; elsewhere `5` is a user's name. */
function isSerializedStanza(table: Record<string, unknown>): boolean {
	return typeof table.name === "string" && isTable(table.attr);
}
