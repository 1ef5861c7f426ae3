import { lauxlib, lua, to_luastring, type lua_State } from "fengari";
import type { OpenFile } from "./open-file";
import { orError } from "./results";
import { pushBoolean, raise } from "../natives/library";

/** The name of the metatable that handles have. */
export const FILE_HANDLE = to_luastring("FILE*");

/** The files by what Lua's handles hold. */
const files = new WeakMap<object, OpenFile>();

/** Pushes a handle of a file. */
export function pushFile(L: lua_State, file: OpenFile): 1 {
	files.set(lua.lua_newuserdata(L), file);
	lauxlib.luaL_setmetatable(L, FILE_HANDLE);
	return 1;
}

/** The open file whose handle is the argument; anything else raises an error. */
export function checkFile(L: lua_State, argument = 1): OpenFile {
	const file = files.get(lauxlib.luaL_checkudata(L, argument, FILE_HANDLE) as object)!;
	return file.isOpen ? file : raise(L, "attempt to use a closed file");
}

/** The file whose handle stands at an index, open or closed; nothing for any other value. */
export function fileAt(L: lua_State, index: number): OpenFile | undefined {
	return files.get(lua.lua_touserdata(L, index) as object);
}

/** Closes a file, and pushes what Lua gives for that. */
export function closeFile(L: lua_State, file: OpenFile): number {
	return orError(L, () => {
		file.close();
		return pushBoolean(L, true);
	});
}
