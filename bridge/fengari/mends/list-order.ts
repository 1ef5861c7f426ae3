import ltable from "fengari/src/ltable.js";
import type { Entry, Table } from "fengari/src/ltable.js";

/** How many items Lua's compiler stores at a time as it runs a table constructor. */
const ITEMS_PER_FLUSH = 50;

/** What an item comes after; nil if it is the first. Items of its own part of a constructor before it come later. */
function itemBefore(table: Table, key: number): Entry | undefined {
	if (key === 1) return undefined;
	const neighbour = table.strong.get(key - 1);
	if (neighbour) return neighbour;
	let last = Math.floor((key - 1) / ITEMS_PER_FLUSH) * ITEMS_PER_FLUSH;
	while (last > 0 && !table.strong.has(last)) last--;
	return last > 0 ? table.strong.get(last) : undefined;
}

/** Moves the last entry to behind another one, or to the front. */
function moveBehind(table: Table, entry: Entry, other: Entry | undefined): void {
	if (entry.p === other) return;
	table.l = entry.p;
	entry.p!.n = undefined;
	entry.p = other;
	entry.n = other ? other.n : table.f;
	entry.n!.p = entry;
	if (other) other.n = entry;
	else table.f = entry;
}

const setInteger = ltable.luaH_setint;

/**
 * Fengari walks through tables in the order in which the keys came, and fills `{ a, b, c }` from its end, so `pairs`
 * gives 3, 2, 1 where Lua gives 1, 2, 3, and then the fields. Here each item is put where it belongs as it is stored.
 */
export function mendListOrder(): void {
	ltable.luaH_setint = (table, key, value) => {
		const last = table.l;
		setInteger(table, key, value);
		const added = table.l;
		if (added === last || added === undefined || key < 1) return;
		moveBehind(table, added, itemBefore(table, key));
	};
}
