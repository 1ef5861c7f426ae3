import { readFileSync } from "node:fs";
import { lauxlib, lua, to_luastring, type lua_CFunction, type lua_State } from "fengari";
import { errorReason } from "./system-error";
import { format } from "./format";
import { extendGlobal, pushText, raiseArgumentError } from "../natives/library";

/** `string.char`, in whose place Fengari's throws a TypeError at what is no byte. */
function char(L: lua_State): number {
	const bytes = new Uint8Array(lua.lua_gettop(L));
	for (const position of bytes.keys()) {
		const code = lauxlib.luaL_checkinteger(L, position + 1);
		if (code < 0 || code > 255) return raiseArgumentError(L, position + 1, "value out of range");
		bytes[position] = code;
	}
	lua.lua_pushstring(L, bytes);
	return 1;
}

/** `table.pack`, which Fengari fills from the end, so that `pairs` would begin there. */
function pack(L: lua_State): number {
	const count = lua.lua_gettop(L);
	lua.lua_newtable(L);
	for (let position = 1; position <= count; position++) {
		lua.lua_pushinteger(L, position);
		lua.lua_pushvalue(L, position);
		lua.lua_rawset(L, -3);
	}
	lua.lua_pushinteger(L, count);
	lua.lua_setfield(L, -2, to_luastring("n"));
	return 1;
}

/** What the options of `collectgarbage` answer where JavaScript collects when it sees fit. */
const COLLECTOR: Record<string, () => number | boolean> = {
	collect: () => 0,
	count: () => process.memoryUsage().heapUsed / 1024,
	step: () => false,
	isrunning: () => true,
	stop: () => 0,
	restart: () => 0,
	setpause: () => 200,
	setstepmul: () => 200,
};

/** `collectgarbage`, which Fengari lacks: `count` is the size of JavaScript's heap, all else has no effect. */
function collectGarbage(L: lua_State): number {
	const option = lua.lua_isnoneornil(L, 1) ? "collect" : Buffer.from(lauxlib.luaL_checkstring(L, 1)).toString();
	if (!Object.hasOwn(COLLECTOR, option)) return raiseArgumentError(L, 1, `invalid option '${option}'`);
	const result = COLLECTOR[option]!();
	if (typeof result === "boolean") lua.lua_pushboolean(L, result);
	else if (option === "count") lua.lua_pushnumber(L, result);
	else lua.lua_pushinteger(L, result);
	return 1;
}

/** Pushes the file's chunk; false with a message in its place. */
function loadPath(L: lua_State, path: Uint8Array, mode: Uint8Array | null): boolean {
	let bytes: Uint8Array;
	try {
		bytes = readFileSync(Buffer.from(path));
	} catch (error) {
		const action = (error as NodeJS.ErrnoException).syscall === "read" ? "read" : "open";
		lua.lua_pushstring(L, Buffer.concat([Buffer.from(`cannot ${action} `), path]));
		pushText(L, `: ${errorReason(error)}`);
		lua.lua_concat(L, 2);
		return false;
	}
	const chunk = withoutFirstLine(bytes);
	const name = Buffer.concat([Buffer.from("@"), path]);
	return lauxlib.luaL_loadbufferx(L, chunk, chunk.length, name, mode) === lua.LUA_OK;
}

/** Leaves out the mark of UTF-8, and all of a first line that starts with `#` except its end. */
function withoutFirstLine(bytes: Uint8Array): Uint8Array {
	const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
	if (bytes[start] !== 0x23) return bytes.subarray(start);
	const end = bytes.indexOf(0x0a, start);
	return end < 0 ? bytes.subarray(bytes.length) : bytes.subarray(end);
}

/** `loadfile(path, mode, environment)`: in Fengari's the message is Node's, which says everything twice. */
function loadFile(L: lua_State): number {
	const path = lauxlib.luaL_checkstring(L, 1);
	const mode = lua.lua_isnoneornil(L, 2) ? null : lauxlib.luaL_checkstring(L, 2);
	if (!loadPath(L, path, mode)) {
		lua.lua_pushnil(L);
		lua.lua_insert(L, -2);
		return 2;
	}
	if (!lua.lua_isnone(L, 3)) {
		lua.lua_pushvalue(L, 3);
		if (lua.lua_setupvalue(L, -2, 1) === null) lua.lua_pop(L, 1);
	}
	return 1;
}

/** `dofile(path)` */
function doFile(L: lua_State): number {
	const path = lauxlib.luaL_checkstring(L, 1);
	lua.lua_settop(L, 1);
	if (!loadPath(L, path, null)) return lua.lua_error(L);
	lua.lua_call(L, 0, lua.LUA_MULTRET);
	return lua.lua_gettop(L) - 1;
}

function setGlobal(L: lua_State, name: string, implementation: lua_CFunction): void {
	lua.lua_pushcfunction(L, implementation);
	lua.lua_setglobal(L, to_luastring(name));
}

/** Puts functions that do what Lua's do in the place of Fengari's. The standard libraries must be open. */
export function mendLibraries(L: lua_State): void {
	extendGlobal(L, "string", { char, format });
	extendGlobal(L, "table", { pack });
	setGlobal(L, "collectgarbage", collectGarbage);
	setGlobal(L, "loadfile", loadFile);
	setGlobal(L, "dofile", doFile);
}
