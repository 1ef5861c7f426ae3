import { mkdtempSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { lauxlib, lua, to_luastring, type lua_CFunction, type lua_State } from "fengari";
import { OpenFile } from "./open-file";
import { checkFile, closeFile, fileAt, FILE_HANDLE, pushFile } from "./handle";
import { errorReason } from "../mends/system-error";
import { METHODS } from "./methods";
import { orError } from "./results";
import { pushLines, readFormats, writeArguments } from "./transfer";
import { checkBytes, pushBoolean, pushNil, pushText, raise, raiseArgumentError } from "../natives/library";

const DEFAULTS = { input: to_luastring("_IO_input"), output: to_luastring("_IO_output") };

function pushDefault(L: lua_State, name: keyof typeof DEFAULTS): void {
	lua.lua_getfield(L, lua.LUA_REGISTRYINDEX, DEFAULTS[name]);
}

/** The default input or output, which is left on the stack. */
function defaultFile(L: lua_State, name: keyof typeof DEFAULTS): OpenFile {
	pushDefault(L, name);
	const file = fileAt(L, -1)!;
	return file.isOpen ? file : raise(L, `standard ${name} file is closed`);
}

const MODE = /^([rwa]\+?)b?$/;

/** `io.open(path, mode)` */
function open(L: lua_State): number {
	const path = checkBytes(L, 1);
	const given = lua.lua_isnoneornil(L, 2) ? "r" : Buffer.from(checkBytes(L, 2)).toString("latin1");
	const mode = MODE.exec(given)?.[1];
	if (mode === undefined) return raiseArgumentError(L, 2, "invalid mode");
	return orError(L, () => pushFile(L, OpenFile.open(path, mode)), path);
}

/** The file, or an error where `io.open` would give nil. */
function openOrRaise(L: lua_State, path: Uint8Array, mode: string): OpenFile {
	try {
		return OpenFile.open(path, mode);
	} catch (error) {
		return raise(L, `cannot open file '${Buffer.from(path).toString()}' (${errorReason(error)})`);
	}
}

/** `io.lines(path, …)`, of the default input if there is no path */
function lines(L: lua_State): number {
	if (lua.lua_isnoneornil(L, 1)) return pushLines(L, defaultFile(L, "input"), lua.lua_gettop(L) + 1, false);
	return pushLines(L, openOrRaise(L, checkBytes(L, 1), "r"), 2, true);
}

/** `io.input(file)`, `io.output(path)`: sets the default, and gives it. */
function setDefault(name: keyof typeof DEFAULTS, mode: string): lua_CFunction {
	return (L) => {
		if (lua.lua_type(L, 1) === lua.LUA_TSTRING) {
			pushFile(L, openOrRaise(L, checkBytes(L, 1), mode));
			lua.lua_setfield(L, lua.LUA_REGISTRYINDEX, DEFAULTS[name]);
		} else if (!lua.lua_isnoneornil(L, 1)) {
			checkFile(L);
			lua.lua_pushvalue(L, 1);
			lua.lua_setfield(L, lua.LUA_REGISTRYINDEX, DEFAULTS[name]);
		}
		pushDefault(L, name);
		return 1;
	};
}

/** `io.type(value)` */
function type(L: lua_State): number {
	if (lauxlib.luaL_testudata(L, 1, FILE_HANDLE) === null) return pushNil(L);
	return pushText(L, fileAt(L, 1)!.isOpen ? "file" : "closed file");
}

/** `io.tmpfile()`: no name leads to it, so it goes when it is closed. */
function temporary(L: lua_State): number {
	return orError(L, () => {
		const folder = mkdtempSync(join(tmpdir(), "lua-"));
		const file = new OpenFile(openSync(join(folder, "file"), "w+"), "w+");
		rmSync(folder, { recursive: true });
		return pushFile(L, file);
	});
}

const FUNCTIONS: Record<string, lua_CFunction> = {
	open,
	lines,
	type,
	tmpfile: temporary,
	input: setDefault("input", "r"),
	output: setDefault("output", "w"),
	close: (L) => closeFile(L, lua.lua_isnone(L, 1) ? defaultFile(L, "output") : checkFile(L)),
	read: (L) => {
		const last = lua.lua_gettop(L);
		const file = defaultFile(L, "input");
		lua.lua_settop(L, last);
		return readFormats(L, file, 1);
	},
	flush: (L) => {
		defaultFile(L, "output");
		return pushBoolean(L, true);
	},
	write: (L) => {
		const last = lua.lua_gettop(L);
		const file = defaultFile(L, "output");
		return orError(L, () => {
			writeArguments(L, file, 1, last);
			pushDefault(L, "output");
			return 1;
		});
	},
	popen: (L) => raise(L, "'popen' not supported"),
};

const STANDARD_FILES = ["stdin", "stdout", "stderr"];

/** Puts Lua's `io` in the place of Fengari's, which cannot open, read or seek. */
export function openIo(L: lua_State): void {
	lauxlib.luaL_newmetatable(L, FILE_HANDLE);
	lauxlib.luaL_setfuncs(L, METHODS, 0);
	lua.lua_pop(L, 1);
	lua.lua_newtable(L);
	lauxlib.luaL_setfuncs(L, FUNCTIONS, 0);
	for (const [descriptor, name] of STANDARD_FILES.entries()) {
		pushFile(L, new OpenFile(descriptor));
		lua.lua_setfield(L, -2, to_luastring(name));
	}
	for (const [name, standard] of [["input", "stdin"], ["output", "stdout"]] as const) {
		lua.lua_getfield(L, -1, to_luastring(standard));
		lua.lua_setfield(L, lua.LUA_REGISTRYINDEX, DEFAULTS[name]);
	}
	lua.lua_pushvalue(L, -1);
	lua.lua_setglobal(L, to_luastring("io"));
	lauxlib.luaL_getsubtable(L, lua.LUA_REGISTRYINDEX, lauxlib.LUA_LOADED_TABLE);
	lua.lua_insert(L, -2);
	lua.lua_setfield(L, -2, to_luastring("io"));
	lua.lua_pop(L, 1);
}
