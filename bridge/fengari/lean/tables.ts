import type { lua_State } from "fengari";
import ltable from "fengari/src/ltable.js";

/** Entries that were removed from a table and that a walk through it may stand at. */
class Removed {
	#entries: Map<unknown, unknown> | undefined;

	get(key: unknown): unknown {
		return this.#entries?.get(key);
	}

	set(key: unknown, entry: unknown): void {
		(this.#entries ??= new Map()).set(key, entry);
	}

	clear(): void {
		this.#entries = undefined;
	}
}

/** A table as Fengari's constructor makes it, but for what was removed. */
const LeanTable = function (this: Record<string, unknown>, { l_G }: { l_G: { id_counter: number } }): void {
	this.id = l_G.id_counter++;
	this.strong = new Map();
	this.dead_strong = new Removed();
	this.dead_weak = undefined;
	this.f = undefined;
	this.l = undefined;
	this.metatable = null;
	this.flags = ~0;
} as unknown as new (L: lua_State) => object;
LeanTable.prototype = ltable.Table.prototype;

/**
 * Whenever a key is added to a table, Fengari clears the Map of what was removed from it, and clearing a Map, even an
 * empty one, makes it a new store, and has the old one, if that has grown old, keep it alive. Here nothing is made
 * before something is removed.
 */
export function leanTables(): void {
	ltable.luaH_new = (L) => new LeanTable(L);
}
