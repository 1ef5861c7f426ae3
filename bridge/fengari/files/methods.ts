import { lauxlib, lua, type lua_CFunction, type lua_State } from "fengari";
import type { Whence } from "./open-file";
import { checkFile, closeFile, fileAt, FILE_HANDLE } from "./handle";
import { orError } from "./results";
import { pushLines, readFormats, writeArguments } from "./transfer";
import { checkBytes, pushBoolean, pushText, raiseArgumentError } from "../natives/library";

/** `file:lines(…)` */
function linesOf(L: lua_State): number {
	return pushLines(L, checkFile(L), 2, false);
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

function toText(L: lua_State): number {
	lauxlib.luaL_checkudata(L, 1, FILE_HANDLE);
	if (!fileAt(L, 1)!.isOpen) return pushText(L, "file (closed)");
	const handle = lua.lua_topointer(L, 1) as { id: number };
	return pushText(L, `file (0x${handle.id.toString(16)})`);
}

/** The methods of handles. */
export const METHODS: Record<string, lua_CFunction> = {
	close: (L) => closeFile(L, checkFile(L)),
	flush: (L) => {
		checkFile(L);
		return pushBoolean(L, true);
	},
	lines: linesOf,
	read: (L) => readFormats(L, checkFile(L), 2),
	seek,
	setvbuf: (L) => {
		checkFile(L);
		return pushBoolean(L, true);
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
