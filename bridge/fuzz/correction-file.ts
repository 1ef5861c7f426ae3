import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lauxlib, lua, to_luastring, type lua_State } from "fengari";
import { CorrectionError, type Correction, type Edit } from "./corrections";
import { decode } from "../fengari/strings";

/** The corrections of one original, and what their file is called in messages. */
export interface CorrectionFile {
	corrections: readonly Correction[];
	file: string;
}

/** `difference "ID" { EDIT, … }` and `common { EDIT, … }`: all that a file of corrections can say. */
const VOCABULARY = `
	local corrections = {};
	function difference(id)
		local correction = { id = id };
		corrections[#corrections + 1] = correction;
		return function (edits) correction.edits = edits; end
	end
	function common(edits) corrections[#corrections + 1] = { edits = edits }; end
	return corrections;
`;

/** Tables in tables: the list of corrections, a correction, its edits, an edit. */
const DEEPEST = 4;

const WORDS = new Set(["series", "replace", "with", "before", "after", "add", "times"]);

/**
 * Reads a file of corrections: Lua without libraries, so it is data.
 * @throws CorrectionError, and what reading the file throws
 */
export function readCorrections(file: string): CorrectionFile {
	const L = lauxlib.luaL_newstate();
	const call = (source: string, name: string, results: number): void => {
		const bytes = to_luastring(source);
		const loaded = lauxlib.luaL_loadbuffer(L, bytes, bytes.length, to_luastring(`@${name}`));
		if (loaded === lua.LUA_OK && lua.lua_pcall(L, 0, results, 0) === lua.LUA_OK) return;
		const message = lua.lua_tolstring(L, -1);
		throw new CorrectionError(message ? decode(message) : `${name} fails`);
	};
	call(VOCABULARY, "vocabulary", 1);
	call(readFileSync(file, "utf8"), file, 0);
	const list = tableAt(L, -1, file, 1);
	const corrections = [...list.values()].map((value) => {
		const { id, edits } = Object.fromEntries(value as Map<string, unknown>);
		const where = id === undefined ? "common" : `difference ${JSON.stringify(id)}`;
		if ((id !== undefined && typeof id !== "string") || !(edits instanceof Map)) {
			throw new CorrectionError(`${file}: expected ${where} { EDIT, … }`);
		}
		return { id, edits: [...edits].map(([number, edit]) => readEdit(edit, `${file}: ${where}, edit ${number}`)) };
	});
	return { corrections, file };
}

/** Reads the files `NAME.lua` in a folder: the corrections of these modules that have one. */
export function correctionsIn(folder: string, modules: readonly string[]): Map<string, CorrectionFile> {
	const files = modules.map((module) => [module, join(folder, `${module}.lua`)] as const);
	return new Map(files.filter(([, file]) => existsSync(file)).map(([module, file]) => [module, readCorrections(file)]));
}

function readEdit(value: unknown, where: string): Edit {
	const fields = value instanceof Map ? value as Map<string | number, unknown> : new Map<string, unknown>();
	for (const name of fields.keys()) {
		if (!WORDS.has(String(name))) throw new CorrectionError(`${where}: unknown ${JSON.stringify(name)}`);
	}
	const text = (name: string): string | undefined => {
		const field = fields.get(name);
		if (field !== undefined && typeof field !== "string") throw new CorrectionError(`${where}: ${name} is no text`);
		return field;
	};
	const how = (["replace", "before", "after"] as const).find((name) => fields.has(name));
	const at = how && text(how);
	const put = text(how === "replace" ? "with" : "add");
	if (!how || !at || put === undefined) {
		const expected = "{ replace = TEXT, with = TEXT }, { before = TEXT, add = TEXT } or { after = TEXT, add = TEXT }";
		throw new CorrectionError(`${where}: expected ${expected}`);
	}
	const series = text("series");
	if (series !== undefined && series !== "0.12" && series !== "13.0") {
		throw new CorrectionError(`${where}: no series is called ${JSON.stringify(series)}, expected 0.12 or 13.0`);
	}
	const times = fields.get("times") ?? 1;
	if (typeof times !== "number" || times < 1) throw new CorrectionError(`${where}: times is no number above 0`);
	return { how, at, text: put, times, ...(series !== undefined && { series }) };
}

/** A Lua table of texts, numbers and tables, in the order of its numbers. */
function tableAt(L: lua_State, index: number, file: string, depth: number): Map<string | number, unknown> {
	if (depth > DEEPEST) throw new CorrectionError(`${file}: an edit holds a table, expected texts`);
	const table = new Map<string | number, unknown>();
	lua.lua_pushvalue(L, index);
	lua.lua_pushnil(L);
	while (lua.lua_next(L, -2) !== 0) {
		const key = scalarAt(L, -2);
		const value = lua.lua_istable(L, -1) ? tableAt(L, -1, file, depth + 1) : scalarAt(L, -1);
		table.set(typeof key === "number" ? key : String(key), value);
		lua.lua_pop(L, 1);
	}
	lua.lua_pop(L, 1);
	return new Map([...table].sort(([a], [b]) => (typeof a === "number" && typeof b === "number" ? a - b : 0)));
}

function scalarAt(L: lua_State, index: number): string | number | undefined {
	if (lua.lua_type(L, index) === lua.LUA_TNUMBER) return lua.lua_tonumber(L, index);
	return lua.lua_type(L, index) === lua.LUA_TSTRING ? decode(lua.lua_tolstring(L, index)!) : undefined;
}
