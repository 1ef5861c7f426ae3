import type { Cache, Require } from "../../bridge/api";

/**
 * The table of `module:shared` in which all that delivery knows outlives a reload: one, since Prosody lets go of each such
 * table that nobody holds, and the parts must go together.
 */
export const kept_in = "delivery";

/**
 * What is known of things by their names: of those in use all, of those that are not as much as there is room for.
 * Plain data, to outlive a reload of the module. Names must be such as no object has by itself.
 */
export interface Memory<Item> {
	used: Record<string, Item | undefined>;
	idle: Cache<Item>;
}

/** @param most how many are remembered that are not in use; those that were used longest ago are forgotten */
export function new_memory<Item>(require: Require, most: number): Memory<Item> {
	return { used: {}, idle: require("util.cache").new<Item>(most) };
}

/** Takes something into use: what is known of it, or else what is given. */
export function take_up<Item>(memory: Memory<Item>, name: string, make: (this: void) => Item): Item {
	const used = memory.used[name];
	if (used !== undefined) return used;
	const item = memory.idle.get(name) ?? make();
	memory.idle.set(name, undefined);
	memory.used[name] = item;
	return item;
}

/** Takes something out of use, to be remembered if it says anything. */
export function lay_down<Item>(memory: Memory<Item>, name: string, worth_remembering: boolean): void {
	const item = memory.used[name];
	if (item === undefined) return;
	delete memory.used[name];
	if (worth_remembering) memory.idle.set(name, item);
}

export function recall<Item>(memory: Memory<Item>, name: string): Item | undefined {
	return memory.used[name] ?? memory.idle.get(name);
}

export function erase<Item>(memory: Memory<Item>, name: string): void {
	delete memory.used[name];
	memory.idle.set(name, undefined);
}

/** All that are in use, in any order. They may go out of use while the list is read. */
export function all_used<Item>(memory: Memory<Item>): Item[] {
	const items: Item[] = [];
	for (const name in memory.used) items.push(memory.used[name]!);
	return items;
}

/** All that are remembered, in any order. */
export function all_known<Item>(memory: Memory<Item>): Item[] {
	const items = all_used(memory);
	for (const [, item] of memory.idle.items()) items.push(item);
	return items;
}
