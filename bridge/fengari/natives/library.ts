import { lua, lauxlib, to_luastring, type lua_CFunction, type lua_State } from "fengari";

/** A Lua library: functions, constants, and tables of the same. */
export interface Library {
	readonly [name: string]: lua_CFunction | string | Library;
}

/** Pushes a new table with the library's members. */
export function pushLibrary(L: lua_State, library: Library): void {
	lua.lua_newtable(L);
	for (const [name, member] of Object.entries(library)) {
		if (typeof member === "function") lua.lua_pushcfunction(L, member);
		else if (typeof member === "string") lua.lua_pushstring(L, to_luastring(member));
		else pushLibrary(L, member);
		lua.lua_setfield(L, -2, to_luastring(name));
	}
}

/** Makes `require(name)` answer the library. */
export function preloadLibrary(L: lua_State, name: string, library: Library): void {
	lua.lua_getglobal(L, to_luastring("package"));
	lua.lua_getfield(L, -1, to_luastring("preload"));
	lua.lua_pushcfunction(L, (state) => {
		pushLibrary(state, library);
		return 1;
	});
	lua.lua_setfield(L, -2, to_luastring(name));
	lua.lua_pop(L, 2);
}

/** Sets members of a global table that the standard libraries made, such as `os`. */
export function extendGlobal(L: lua_State, name: string, members: Record<string, lua_CFunction>): void {
	lua.lua_getglobal(L, to_luastring(name));
	for (const [member, implementation] of Object.entries(members)) {
		lua.lua_pushcfunction(L, implementation);
		lua.lua_setfield(L, -2, to_luastring(member));
	}
	lua.lua_pop(L, 1);
}

/** The argument as bytes; numbers count as text, anything else raises Lua's own argument error. */
export function checkBytes(L: lua_State, argument: number): Uint8Array {
	return lauxlib.luaL_checkstring(L, argument);
}

/** The argument as text; nil if its bytes are no UTF-8. */
export function checkText(L: lua_State, argument: number): string | undefined {
	return decodeUtf8(checkBytes(L, argument));
}

export function pushBytes(L: lua_State, bytes: Uint8Array): 1 {
	// A copy: Lua's strings never change, and `Buffer` shares memory where `Uint8Array` copies.
	lua.lua_pushstring(L, new Uint8Array(bytes));
	return 1;
}

export function pushText(L: lua_State, text: string): 1 {
	return pushBytes(L, Buffer.from(text));
}

export function pushTextOrNil(L: lua_State, text: string | undefined): 1 {
	if (text === undefined) return pushNil(L);
	return pushText(L, text);
}

export function pushNil(L: lua_State): 1 {
	lua.lua_pushnil(L);
	return 1;
}

export function pushBoolean(L: lua_State, value: boolean): 1 {
	lua.lua_pushboolean(L, value);
	return 1;
}

/** Raises a Lua error that names the place of the call. */
export function raise(L: lua_State, message: string): never {
	lauxlib.luaL_where(L, 1);
	lua.lua_pushstring(L, to_luastring(message));
	lua.lua_concat(L, 2);
	return lua.lua_error(L);
}

/** Raises Lua's `bad argument #n`. */
export function raiseArgumentError(L: lua_State, argument: number, message: string): never {
	return lauxlib.luaL_argerror(L, argument, to_luastring(message));
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Nil if the bytes are no UTF-8 (overlong forms and surrogates are none). */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
	try {
		return strictUtf8.decode(bytes);
	} catch (error) {
		if (error instanceof TypeError) return undefined;
		throw error;
	}
}
