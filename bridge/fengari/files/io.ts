import { mkdtempSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { lauxlib, lua, to_luastring, type lua_CFunction, type lua_State } from "fengari";
import { OpenFile, type Whence } from "./open-file";
import { errorReason } from "../mends/system-error";
import { orError } from "./results";
import { checkBytes, pushBytes, pushNil, pushText, raise, raiseArgumentError } from "../natives/library";

const FILE_HANDLE = to_luastring("FILE*");
const NEWLINE = 0x0a;
const DEFAULTS = { input: to_luastring("_IO_input"), output: to_luastring("_IO_output") };

/** The files by what Lua's handles hold. */
const files = new WeakMap<object, OpenFile>();

function pushFile(L: lua_State, file: OpenFile): 1 {
	files.set(lua.lua_newuserdata(L), file);
	lauxlib.luaL_setmetatable(L, FILE_HANDLE);
	return 1;
}

function checkFile(L: lua_State, argument = 1): OpenFile {
	const file = files.get(lauxlib.luaL_checkudata(L, argument, FILE_HANDLE) as object)!;
	return file.isOpen ? file : raise(L, "attempt to use a closed file");
}

function pushDefault(L: lua_State, name: keyof typeof DEFAULTS): void {
	lua.lua_getfield(L, lua.LUA_REGISTRYINDEX, DEFAULTS[name]);
}

/** The default input or output, which is left on the stack. */
function defaultFile(L: lua_State, name: keyof typeof DEFAULTS): OpenFile {
	pushDefault(L, name);
	const file = files.get(lua.lua_touserdata(L, -1) as object)!;
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

const NUMERAL = /^\s*([+-]?(?:0[xX][\da-fA-F]*\.?[\da-fA-F]*(?:[pP][+-]?\d*)?|\d*\.?\d*(?:[eE][+-]?\d*)?))/;
/** As many characters of a numeral Lua reads. */
const NUMERAL_LENGTH = 200;

/** Pushes a number; nil, having taken what looked like one, if there is none. */
function readNumber(L: lua_State, file: OpenFile): boolean {
	const numeral = NUMERAL.exec(Buffer.from(file.peek(NUMERAL_LENGTH)).toString("latin1"));
	if (numeral) file.read(numeral[0].length);
	if (numeral && lua.lua_stringtonumber(L, to_luastring(numeral[1]!)) !== 0) return true;
	lua.lua_pushnil(L);
	return false;
}

function pushRead(L: lua_State, bytes: Uint8Array | undefined): boolean {
	if (bytes === undefined) pushNil(L);
	else pushBytes(L, bytes);
	return bytes !== undefined;
}

function withoutNewline(line: Uint8Array | undefined): Uint8Array | undefined {
	return line?.at(-1) === NEWLINE ? line.subarray(0, -1) : line;
}

/** Pushes what the format at this index reads; false and nil if there is none of it. */
function readFormat(L: lua_State, file: OpenFile, argument: number): boolean {
	if (lua.lua_type(L, argument) === lua.LUA_TNUMBER) {
		const count = lauxlib.luaL_checkinteger(L, argument);
		return pushRead(L, file.read(count));
	}
	const format = Buffer.from(checkBytes(L, argument)).toString("latin1").replace(/^\*/, "");
	switch (format[0]) {
	case "n": return readNumber(L, file);
	case "l": return pushRead(L, withoutNewline(file.readLine()));
	case "L": return pushRead(L, file.readLine());
	case "a": return pushRead(L, file.readAll());
	default: return raiseArgumentError(L, argument, "invalid format");
	}
}

/** Reads by the formats from this argument on, a line if there are none; stops with nil at the first that fails. */
function readFormats(L: lua_State, file: OpenFile, first: number): number {
	const last = lua.lua_gettop(L);
	return orError(L, () => {
		if (first > last) {
			pushRead(L, withoutNewline(file.readLine()));
			return 1;
		}
		let argument = first;
		while (readFormat(L, file, argument) && argument < last) argument++;
		return argument - first + 1;
	});
}

function writeArguments(L: lua_State, file: OpenFile, first: number, last: number): void {
	for (let argument = first; argument <= last; argument++) file.write(checkBytes(L, argument));
}

/** Puts a function on the stack that reads the next line, or what the formats from `first` say. */
function pushLines(L: lua_State, file: OpenFile, first: number, closes: boolean): 1 {
	const formats = lua.lua_gettop(L) - first + 1;
	// The formats are upvalues, and stand before what the function is given.
	for (let format = 0; format < formats; format++) lua.lua_pushvalue(L, first + format);
	lua.lua_pushcclosure(L, (state) => {
		if (!file.isOpen) return raise(state, "file is already closed");
		lua.lua_settop(state, 0);
		for (let format = 1; format <= formats; format++) lua.lua_pushvalue(state, lua.lua_upvalueindex(format));
		const count = readFormats(state, file, 1);
		if (!lua.lua_isnil(state, -count)) return count;
		if (count > 1) return raise(state, Buffer.from(checkBytes(state, -count + 1)).toString());
		if (closes) file.close();
		return count;
	}, formats);
	return 1;
}

/** `file:lines(…)` */
function linesOf(L: lua_State): number {
	return pushLines(L, checkFile(L), 2, false);
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

const WHENCES: readonly Whence[] = ["set", "cur", "end"];

/** `file:seek(whence, offset)` */
function seek(L: lua_State): number {
	const file = checkFile(L);
	const given = lua.lua_isnoneornil(L, 2) ? "cur" : Buffer.from(checkBytes(L, 2)).toString();
	const whence = WHENCES.find((name) => name === given);
	if (whence === undefined) return raiseArgumentError(L, 2, `invalid option '${given}'`);
	const offset = lauxlib.luaL_optinteger(L, 3, 0);
	return orError(L, () => {
		lua.lua_pushnumber(L, file.seek(whence, offset));
		// An integer where it is one.
		if (lua.lua_tonumber(L, -1) < 2 ** 31) lua.lua_pushinteger(L, lua.lua_tonumber(L, -1));
		return 1;
	});
}

function succeed(L: lua_State): 1 {
	lua.lua_pushboolean(L, true);
	return 1;
}

function closeFile(L: lua_State, file: OpenFile): number {
	return orError(L, () => {
		file.close();
		return succeed(L);
	});
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
	const handle = lauxlib.luaL_testudata(L, 1, FILE_HANDLE) as object | null;
	if (handle === null) return pushNil(L);
	return pushText(L, files.get(handle)!.isOpen ? "file" : "closed file");
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

function toText(L: lua_State): number {
	const file = files.get(lauxlib.luaL_checkudata(L, 1, FILE_HANDLE) as object)!;
	if (!file.isOpen) return pushText(L, "file (closed)");
	const handle = lua.lua_topointer(L, 1) as { id: number };
	return pushText(L, `file (0x${handle.id.toString(16)})`);
}

const METHODS: Record<string, lua_CFunction> = {
	close: (L) => closeFile(L, checkFile(L)),
	flush: (L) => {
		checkFile(L);
		return succeed(L);
	},
	lines: linesOf,
	read: (L) => readFormats(L, checkFile(L), 2),
	seek,
	setvbuf: (L) => {
		checkFile(L);
		return succeed(L);
	},
	write: (L) => {
		const file = checkFile(L);
		const last = lua.lua_gettop(L);
		return orError(L, () => {
			writeArguments(L, file, 2, last);
			lua.lua_pushvalue(L, 1);
			return 1;
		});
	},
	__tostring: toText,
};

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
		return succeed(L);
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
