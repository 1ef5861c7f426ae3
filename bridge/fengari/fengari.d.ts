/** The part of Fengari's C-like API that the bridge uses (https://github.com/fengari-lua/fengari, Lua 5.3). */
declare module "fengari" {
	/** A value as Fengari keeps it on a stack or in a table. The slot stays, what is in it changes. */
	export interface lua_Value {
		/** One of `LUA_T…` in the low four bits. */
		readonly type: number;
		/** Of a table, a function, a userdata or a thread, its identity. */
		readonly value: unknown;
		/** Makes it a Lua function. */
		setclLvalue(closure: object): void;
	}
	/** What a string is in Fengari. */
	export interface lua_StringValue {
		/** Its bytes. */
		readonly realstring: Uint8Array;
		/** What tables find it by; in Fengari itself null until a table has been asked, with mends/string-keys.ts never. */
		readonly hash: string | null;
	}
	/** A Lua thread: what every call works on. */
	export interface lua_State {
		/** The slots of all functions that are being called. */
		readonly stack: lua_Value[];
		/** The first free slot. */
		top: number;
		/** The call that runs; its own slots come after `funcOff`. */
		readonly ci: { readonly funcOff: number };
	}
	/** A function that Lua can call: takes its arguments from the stack, pushes its results, returns their number. */
	export type lua_CFunction = (this: void, L: lua_State) => number;
	/** A Lua string: bytes. */
	export type lua_String = Uint8Array;
	/** A table as Fengari keeps it, which is also its identity. */
	export interface lua_Table {
		/** Its entries, a string's by its hash, a number's by the number; never one whose value is nil. */
		readonly strong: ReadonlyMap<unknown, { readonly key: lua_Value; readonly value: lua_Value }>;
		readonly metatable: lua_Table | null;
	}

	export function to_luastring(text: string, cache?: boolean): lua_String;
	/** Throws a RangeError for what is no UTF-8, unless `replacement`. */
	export function to_jsstring(bytes: lua_String, from?: number, to?: number, replacement?: boolean): string;

	export const lua: {
		readonly LUA_OK: number;
		readonly LUA_MULTRET: number;
		readonly LUA_REGISTRYINDEX: number;
		readonly LUA_TNIL: number;
		readonly LUA_TBOOLEAN: number;
		readonly LUA_TNUMBER: number;
		readonly LUA_TSTRING: number;
		readonly LUA_TTABLE: number;
		readonly LUA_TFUNCTION: number;

		lua_atnativeerror(L: lua_State, handler: lua_CFunction): lua_CFunction | null;
		lua_call(L: lua_State, args: number, results: number): void;
		lua_checkstack(L: lua_State, count: number): boolean;
		lua_concat(L: lua_State, count: number): void;
		lua_error(L: lua_State): never;
		lua_getfield(L: lua_State, index: number, key: lua_String): number;
		lua_getglobal(L: lua_State, name: lua_String): number;
		lua_gettable(L: lua_State, index: number): number;
		lua_gettop(L: lua_State): number;
		lua_insert(L: lua_State, index: number): void;
		lua_isinteger(L: lua_State, index: number): boolean;
		lua_isnil(L: lua_State, index: number): boolean;
		lua_isnone(L: lua_State, index: number): boolean;
		lua_isnoneornil(L: lua_State, index: number): boolean;
		lua_isnumber(L: lua_State, index: number): boolean;
		lua_isstring(L: lua_State, index: number): boolean;
		lua_istable(L: lua_State, index: number): boolean;
		lua_newtable(L: lua_State): void;
		/** Pushes a userdata and gives what it holds, by which it is known again. */
		lua_newuserdata(L: lua_State): object;
		lua_next(L: lua_State, index: number): number;
		lua_pcall(L: lua_State, args: number, results: number, handler: number): number;
		lua_pop(L: lua_State, count: number): void;
		lua_pushboolean(L: lua_State, value: boolean): void;
		lua_pushcclosure(L: lua_State, fn: lua_CFunction, upvalues: number): void;
		lua_pushcfunction(L: lua_State, fn: lua_CFunction): void;
		lua_pushglobaltable(L: lua_State): void;
		lua_pushinteger(L: lua_State, value: number): void;
		/** Pushes text as UTF-8. */
		lua_pushliteral(L: lua_State, text: string): lua_String;
		lua_pushlstring(L: lua_State, bytes: lua_String, length: number): lua_String;
		lua_pushnil(L: lua_State): void;
		lua_pushnumber(L: lua_State, value: number): void;
		lua_pushstring(L: lua_State, bytes: lua_String | null): lua_String;
		lua_pushvalue(L: lua_State, index: number): void;
		lua_rawget(L: lua_State, index: number): number;
		lua_rawset(L: lua_State, index: number): void;
		lua_remove(L: lua_State, index: number): void;
		lua_setfield(L: lua_State, index: number, key: lua_String): void;
		lua_setglobal(L: lua_State, name: lua_String): void;
		lua_setmetatable(L: lua_State, index: number): boolean;
		lua_settable(L: lua_State, index: number): void;
		/** Takes the value from the stack; null, and the value stays, if there is no such upvalue. */
		lua_setupvalue(L: lua_State, index: number, upvalue: number): lua_String | null;
		lua_settop(L: lua_State, index: number): void;
		/** Pushes the number that the text is; 0, pushing nothing, if it is none. */
		lua_stringtonumber(L: lua_State, text: lua_String): number;
		lua_toboolean(L: lua_State, index: number): boolean;
		/** The bytes themselves, not a copy; null for what is neither string nor number. */
		lua_tolstring(L: lua_State, index: number): lua_String | null;
		lua_tonumber(L: lua_State, index: number): number;
		/** What a table, function, userdata or thread is in JavaScript: its identity. */
		lua_topointer(L: lua_State, index: number): object | null;
		lua_tostring(L: lua_State, index: number): lua_String | null;
		lua_touserdata(L: lua_State, index: number): unknown;
		lua_type(L: lua_State, index: number): number;
		lua_upvalueindex(index: number): number;
	};

	export const lauxlib: {
		luaL_argerror(L: lua_State, arg: number, message: lua_String): never;
		luaL_checkinteger(L: lua_State, arg: number): number;
		luaL_checknumber(L: lua_State, arg: number): number;
		luaL_checkstring(L: lua_State, arg: number): lua_String;
		luaL_checkudata(L: lua_State, arg: number, metatable: lua_String): unknown;
		luaL_checktype(L: lua_State, arg: number, type: number): void;
		luaL_getsubtable(L: lua_State, index: number, name: lua_String): boolean;
		luaL_loadbuffer(L: lua_State, bytes: lua_String, size: number, name: lua_String): number;
		/** @param mode of `b` and `t`, what kinds of chunk are allowed; both if null */
		luaL_loadbufferx(
			L: lua_State, bytes: lua_String, size: number, name: lua_String, mode: lua_String | null,
		): number;
		luaL_loadfile(L: lua_State, path: lua_String): number;
		luaL_newmetatable(L: lua_State, name: lua_String): number;
		luaL_newstate(): lua_State;
		luaL_optinteger(L: lua_State, arg: number, preset: number): number;
		luaL_setfuncs(L: lua_State, functions: Record<string, lua_CFunction>, upvalues: number): void;
		luaL_setmetatable(L: lua_State, metatable: lua_String): void;
		/** Null for what is no userdata with this metatable. */
		luaL_testudata(L: lua_State, arg: number, metatable: lua_String): unknown;
		luaL_tolstring(L: lua_State, index: number): lua_String;
		luaL_traceback(L: lua_State, of: lua_State, message: lua_String | null, level: number): void;
		luaL_typename(L: lua_State, index: number): lua_String;
		luaL_where(L: lua_State, level: number): void;
		readonly LUA_LOADED_TABLE: lua_String;
		readonly LUA_PRELOAD_TABLE: lua_String;
	};

	export const lualib: {
		luaL_openlibs(L: lua_State): void;
	};
}

/** How Fengari compiles Lua. Its own modules call each other by these objects. */
declare module "fengari/src/lparser.js" {
	import type { lua_State, lua_String } from "fengari";
	import type { LuaClosure } from "fengari/src/lfunc.js";
	/** What is read as Lua. */
	export interface Input {
		/** What its reader reads from; null if that is a Lua function. */
		readonly data: unknown;
		buffer: Uint8Array;
		/** Where in the buffer it is, and how many bytes are left there. */
		off: number;
		n: number;
		/** The next byte; -1 at the end. */
		zgetc(): number;
	}
	const lparser: {
		/** Pushes and returns the closure of the main function. `first` is the first byte, which has been read. */
		luaY_parser(
			this: void, L: lua_State, input: Input, buffer: unknown, data: unknown, name: lua_String, first: number,
		): LuaClosure;
	};
	export default lparser;
}

declare module "fengari/src/lfunc.js" {
	import type { lua_State } from "fengari";
	/** A compiled function. */
	export interface Proto {
		readonly id: number;
		/** Its instructions. */
		readonly code: readonly unknown[];
		/** The closure that was last made of it. */
		readonly cache: LuaClosure | null;
		/** The functions in it. */
		readonly p: readonly Proto[];
	}
	export interface LuaClosure {
		p: Proto;
	}
	const lfunc: {
		readonly Proto: new (L: lua_State) => Proto;
		luaF_newLclosure(L: lua_State, upvalues: number): LuaClosure;
	};
	export default lfunc;
}

declare module "fengari/src/ldo.js" {
	import type { lua_State } from "fengari";
	const ldo: {
		/** Pushes nil, making room for it. */
		luaD_inctop(L: lua_State): void;
	};
	export default ldo;
}
