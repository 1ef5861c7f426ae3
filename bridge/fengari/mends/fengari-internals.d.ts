/** The parts of Fengari behind its API that are mended: functions that its other files call through these objects. */

declare module "fengari/src/ltable.js" {
	import type { lua_State, lua_Value } from "fengari";
	/** An entry in the order of traversal: `p` is the one before it, `n` the one after it. */
	export interface Entry {
		readonly key: lua_Value;
		p: Entry | undefined;
		n: Entry | undefined;
	}
	export interface Table {
		readonly strong: ReadonlyMap<unknown, Entry>;
		/** The first entry. */
		f: Entry | undefined;
		/** The last entry. */
		l: Entry | undefined;
	}
	const ltable: {
		luaH_setint(this: void, table: Table, key: number, value: lua_Value): void;
		/** A new table. */
		luaH_new(this: void, L: lua_State): object;
		/** What a table is. */
		Table: { readonly prototype: object };
	};
	export default ltable;
}

declare module "fengari/src/lobject.js" {
	import type { lua_State, lua_String, lua_Value } from "fengari";
	const lobject: {
		/** Turns a number into a string where it is. */
		luaO_tostring(this: void, L: lua_State, number: lua_Value & NumberSlot): void;
		luaO_pushvfstring(this: void, L: lua_State, format: lua_String, args: readonly unknown[]): lua_String;
	};
	interface NumberSlot {
		ttisinteger(): boolean;
		setsvalue(string: unknown): void;
	}
	export default lobject;
}

declare module "fengari/src/lstring.js" {
	import type { lua_State, lua_String } from "fengari";
	const lstring: {
		/** A Lua string of these bytes, which must not change any more. */
		luaS_bless(this: void, L: lua_State, bytes: lua_String): unknown;
		/** What a string is. */
		TString: { readonly prototype: object };
	};
	export default lstring;
}
