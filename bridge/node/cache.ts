import type { Cache, CacheLibrary } from "../api/libraries";
import { luaIterable, multi } from "./multi";

type OnEvict<Value> = false | ((this: void, key: string, value: Value) => boolean | void);

class BoundedCache<Value> implements Cache<Value> {
	readonly #size: number;
	readonly #on_evict: OnEvict<Value> | undefined;
	/** Oldest first, as a Map keeps them. */
	readonly #entries = new Map<string, Value>();

	constructor(size: number, on_evict?: OnEvict<Value>) {
		this.#size = Math.floor(size);
		if (!(this.#size > 0)) throw new Error("cache size must be greater than zero");
		this.#on_evict = on_evict;
	}

	set(key: string, value: Value | undefined): boolean {
		const known = this.#entries.delete(key);
		if (value === undefined) return true;
		if (!known && this.#entries.size >= this.#size && !this.#evict()) return false;
		this.#entries.set(key, value);
		return true;
	}

	get(key: string): Value | undefined {
		return this.#entries.get(key);
	}

	count(): number {
		return this.#entries.size;
	}

	items(): LuaIterable<LuaMultiReturn<[string, Value]>> {
		return luaIterable(Array.from(this.#entries, ([key, value]) => multi(key, value)).reverse());
	}

	clear(): void {
		this.#entries.clear();
	}

	/** Makes room; false if the oldest entry is kept. */
	#evict(): boolean {
		if (this.#on_evict === false) return false;
		for (const [key, value] of this.#entries) {
			if (this.#on_evict?.(key, value) === false) return false;
			// The callback may have removed or replaced it.
			if (this.#entries.get(key) === value) this.#entries.delete(key);
			break;
		}
		return true;
	}
}

/** `util.cache`. */
export const cacheLibrary: CacheLibrary = {
	new: (size, on_evict) => new BoundedCache(size, on_evict),
};
