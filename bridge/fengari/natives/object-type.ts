import { lua, lauxlib, to_jsstring, to_luastring, type lua_State } from "fengari";
import { pushLibrary, pushNil, raiseArgumentError, type Library } from "./library";

function typeName(L: lua_State, argument: number): string {
	return lua.lua_isnone(L, argument) ? "no value" : to_jsstring(lauxlib.luaL_typename(L, argument));
}

/**
 * Objects with methods, for Lua. They are tables, where C has userdata, so that TypeScript can call their methods across
 * the bridge.
 */
export class ObjectType<Value> {
	/** By the identity of their tables. */
	readonly #values = new WeakMap<object, Value>();

	/** @param name as Lua's error messages call it */
	constructor(readonly name: string, readonly methods: Library) {}

	/** Pushes a new object, or nil for nil. */
	push(L: lua_State, value: Value | undefined): 1 {
		if (value === undefined) return pushNil(L);
		lua.lua_newtable(L);
		this.#values.set(lua.lua_topointer(L, -1)!, value);
		if (lauxlib.luaL_newmetatable(L, to_luastring(this.name))) {
			pushLibrary(L, this.methods);
			lua.lua_setfield(L, -2, to_luastring("__index"));
		}
		lua.lua_setmetatable(L, -2);
		return 1;
	}

	/** The argument's value; raises Lua's own argument error for what is no object of this type. */
	check(L: lua_State, argument: number): Value {
		const identity = lua.lua_istable(L, argument) ? lua.lua_topointer(L, argument) : null;
		const value = identity === null ? undefined : this.#values.get(identity);
		return value ?? raiseArgumentError(L, argument, `${this.name} expected, got ${typeName(L, argument)}`);
	}
}
