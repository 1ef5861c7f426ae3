import { lauxlib, lua, to_luastring } from "fengari";
import { decode } from "../fengari/strings";

/** What is wrong with a Lua file that cannot be compiled, as Lua says it: `FILE:LINE: MESSAGE`. Nothing of it runs. */
export function syntaxError(path: string): string | undefined {
	const L = lauxlib.luaL_newstate();
	const status = lauxlib.luaL_loadfile(L, to_luastring(path));
	return status === lua.LUA_OK ? undefined : decode(lua.lua_tolstring(L, -1)!);
}
