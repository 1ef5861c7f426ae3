import { lauxlib, lua, to_luastring, type lua_State } from "fengari";
import type { OpenFile } from "./open-file";
import { orError } from "./results";
import { checkBytes, pushBytes, pushNil, raise, raiseArgumentError } from "../natives/library";

const NEWLINE = 0x0a;

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
export function readFormats(L: lua_State, file: OpenFile, first: number): number {
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

/** Writes the arguments from the first to the last. */
export function writeArguments(L: lua_State, file: OpenFile, first: number, last: number): void {
	for (let argument = first; argument <= last; argument++) file.write(checkBytes(L, argument));
}

/**
 * Puts a function on the stack that reads the next line, or what the formats from `first` say.
 * @param closes the file, once there is nothing left to read
 */
export function pushLines(L: lua_State, file: OpenFile, first: number, closes: boolean): 1 {
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
