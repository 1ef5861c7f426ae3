import { lauxlib, lua, type lua_CFunction, type lua_State, type lua_StringValue, type lua_Value } from "fengari";
import { Errors } from "./errors";
import { Functions, type AnyFunction } from "./functions";
import { HeldValue, slotAt } from "./held-value";
import { Objects } from "./objects";
import type { Shape, Signature } from "./signatures";
import { decode, Strings } from "./strings";
import { Tables } from "./tables";

/** A Lua value that JavaScript can only hold and hand back: a userdata or a thread. */
export class OpaqueValue {
	constructor(readonly held: HeldValue) {}
}

/**
 * The crossing of values between JavaScript and one Lua state. Nothing is copied but strings and numbers: a table or
 * an object is the same one on both sides, a function has one counterpart, and none is kept alive by having crossed.
 */
export class Crossing {
	/** The Lua thread that called into JavaScript last, on which JavaScript calls back. */
	L: lua_State;
	readonly strings = new Strings();
	readonly errors = new Errors(this);
	readonly tables = new Tables(this);
	readonly objects = new Objects(this);
	readonly functions = new Functions(this);
	readonly #opaque = new WeakMap<object, OpaqueValue>();

	constructor(L: lua_State) {
		this.L = L;
		// What JavaScript inside Fengari and its libraries throws becomes a Lua error like any other.
		lua.lua_atnativeerror(L, (thread) => {
			this.errors.push(thread, lua.lua_touserdata(thread, 1));
			return 1;
		});
	}

	/** Pushes a value of JavaScript's. Bytes (`Uint8Array`) become a string. Throws for symbols and bigints. */
	push(L: lua_State, value: unknown): void {
		switch (typeof value) {
			case "string":
				return this.strings.push(L, value);
			case "undefined":
				return lua.lua_pushnil(L);
			case "boolean":
				return lua.lua_pushboolean(L, value);
			case "number":
				// Fengari's integers have 32 bits, and no negative zero.
				if ((value | 0) === value && !Object.is(value, -0)) return lua.lua_pushinteger(L, value);
				return lua.lua_pushnumber(L, value);
			case "function":
				return this.functions.push(L, value as AnyFunction);
			case "object":
				break;
			default:
				throw new TypeError(`a ${typeof value} cannot cross into Lua`);
		}
		if (value === null) return lua.lua_pushnil(L);
		if (this.tables.push(L, value)) return;
		if (value instanceof Uint8Array) lua.lua_pushlstring(L, value, value.length);
		else if (value instanceof OpaqueValue) value.held.push(L);
		else this.objects.push(L, value);
	}

	/**
	 * The value at an index of the stack, none being nil. `shape` says what a table is, `signature` how a function
	 * crosses, if that is known.
	 */
	read(L: lua_State, index: number, shape?: Shape, signature?: Signature): unknown {
		const slot = slotAt(L, index);
		return slot === undefined ? undefined : this.readSlot(slot, shape, signature);
	}

	/** The value in a slot of a stack or a table. */
	readSlot(slot: lua_Value, shape?: Shape, signature?: Signature): unknown {
		switch (slot.type & 0x0f) {
			case lua.LUA_TNIL:
				return undefined;
			case lua.LUA_TSTRING:
				return decode((slot.value as lua_StringValue).realstring);
			case lua.LUA_TTABLE:
				return this.objects.read(slot) ?? this.tables.read(slot, shape);
			case lua.LUA_TNUMBER:
			case lua.LUA_TBOOLEAN:
				return slot.value;
			case lua.LUA_TFUNCTION:
				return this.functions.read(slot, signature);
			default:
				return this.#readOpaque(slot);
		}
	}

	#readOpaque(slot: lua_Value): OpaqueValue {
		const held = new HeldValue(slot);
		const { identity } = held;
		if (typeof identity !== "object" || identity === null) return new OpaqueValue(held);
		let value = this.#opaque.get(identity);
		if (value === undefined) this.#opaque.set(identity, value = new OpaqueValue(held));
		return value;
	}

	/**
	 * Runs JavaScript that Lua called on the thread `L`. What it throws is raised in Lua.
	 * @param body must not raise Lua errors itself
	 */
	enter(L: lua_State, body: lua_CFunction): number {
		const outer = this.L;
		let thrown: unknown;
		this.L = L;
		try {
			return body(L);
		} catch (error) {
			thrown = error;
		} finally {
			this.L = outer;
		}
		return this.errors.raise(L, thrown);
	}

	/**
	 * Starts a call into Lua: pushes the message handler. The function and its arguments follow, then `finish`.
	 * @returns the top of the stack before, which the caller restores in the end
	 */
	begin(L: lua_State): number {
		const base = lua.lua_gettop(L);
		lua.lua_pushcfunction(L, this.errors.handler);
		return base;
	}

	/** Calls into Lua. Its results stand from `base + 2`. Throws what Lua raises. */
	finish(L: lua_State, base: number, args: number, results: number): void {
		if (lua.lua_pcall(L, args, results, base + 1) !== lua.LUA_OK) throw this.errors.caught(L);
	}

	/** A Lua value as `tostring` gives it. */
	describe(value: HeldValue): string {
		const { L } = this;
		const base = this.begin(L);
		try {
			lua.lua_pushcfunction(L, toText);
			value.push(L);
			this.finish(L, base, 1, 1);
			return decode(lua.lua_tolstring(L, -1)!);
		} finally {
			lua.lua_settop(L, base);
		}
	}
}

const toText: lua_CFunction = (L) => {
	lauxlib.luaL_tolstring(L, 1);
	return 1;
};
