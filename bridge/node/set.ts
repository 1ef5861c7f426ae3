import type { ProsodySet, SetLibrary } from "../api/libraries";
import { luaIterable } from "./multi";

class NodeSet<Item> implements ProsodySet<Item> {
	readonly #items: Set<Item>;

	constructor(items: readonly Item[] = []) {
		this.#items = new Set(items);
	}

	contains(item: Item): boolean {
		return this.#items.has(item);
	}

	add(item: Item): void {
		this.#items.add(item);
	}

	remove(item: Item): void {
		this.#items.delete(item);
	}

	empty(): boolean {
		return this.#items.size === 0;
	}

	items(): LuaIterable<Item> {
		return luaIterable(Array.from(this.#items));
	}

	toString(): string {
		return Array.from(this.#items).join(", ");
	}
}

/** `util.set`. */
export const setLibrary: SetLibrary = {
	new: (items) => new NodeSet(items),
};
