import { lauxlib, lua, lualib, to_luastring, type lua_CFunction, type lua_State } from "fengari";
import "./compiled";
import "./lean";
import { Crossing } from "./crossing";
import { mendState } from "./mends";

/** Sets a member of one of Lua's libraries to the value on top of the stack, which is popped. */
function setMember(L: lua_State, library: string, name: string): void {
	lua.lua_getglobal(L, to_luastring(library));
	lua.lua_insert(L, -2);
	lua.lua_setfield(L, -2, to_luastring(name));
	lua.lua_pop(L, 1);
}

/**
 * A new Lua state with Lua's standard libraries, mended where they differ from Lua's, into which values can cross.
 * `next` walks through JavaScript's objects too, and `debug.traceback` knows the traceback of their errors.
 */
export function createState(): Crossing {
	const L = lauxlib.luaL_newstate();
	lualib.luaL_openlibs(L);
	mendState(L);
	const crossing = new Crossing(L);
	lua.lua_pushcfunction(L, crossing.objects.next);
	setMember(L, "_G", "next");
	lua.lua_getglobal(L, to_luastring("debug"));
	lua.lua_getfield(L, -1, to_luastring("traceback"));
	lua.lua_remove(L, -2);
	lua.lua_pushcclosure(L, tracebackWith(crossing), 1);
	setMember(L, "debug", "traceback");
	// Fengari would load any file.js beside the working directory as a library.
	lua.lua_pushliteral(L, "");
	setMember(L, "package", "jspath");
	return crossing;
}

/** `debug.traceback`, its upvalue being Lua's own: of an error of JavaScript's it gives both tracebacks. */
function tracebackWith(crossing: Crossing): lua_CFunction {
	return (L) => {
		const error = crossing.objects.readAt(L, 1);
		if (error instanceof Error) {
			crossing.push(L, error.stack ?? String(error));
		} else if (lua.lua_isnoneornil(L, 1) || lua.lua_isstring(L, 1)) {
			lauxlib.luaL_traceback(L, L, lua.lua_tolstring(L, 1), lauxlib.luaL_optinteger(L, 2, 1));
		} else {
			lua.lua_pushvalue(L, lua.lua_upvalueindex(1));
			lua.lua_insert(L, 1);
			lua.lua_call(L, lua.lua_gettop(L) - 1, 1);
		}
		return 1;
	};
}

/** Makes `require(name)` answer with a value of JavaScript's. */
export function preload(crossing: Crossing, name: string, value: object): void {
	const { L } = crossing;
	lauxlib.luaL_getsubtable(L, lua.LUA_REGISTRYINDEX, lauxlib.LUA_PRELOAD_TABLE);
	crossing.push(L, () => value);
	lua.lua_setfield(L, -2, to_luastring(name));
	lua.lua_pop(L, 1);
}

/** Runs a Lua file and returns what it returns. Throws its errors, and those of its syntax, with file and line. */
export function runFile(crossing: Crossing, path: string): unknown {
	const { L } = crossing;
	const base = crossing.begin(L);
	try {
		if (lauxlib.luaL_loadfile(L, to_luastring(path)) !== lua.LUA_OK) throw crossing.errors.caught(L);
		crossing.finish(L, base, 0, 1);
		return crossing.read(L, base + 2);
	} finally {
		lua.lua_settop(L, base);
	}
}
