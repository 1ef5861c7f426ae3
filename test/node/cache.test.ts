import { describe, expect, it } from "vitest";
import { cacheLibrary } from "../../bridge/node/cache";
import type { Cache } from "../../bridge/api/libraries";
import { HOSTILE_NAMES } from "./machine";

const keys = (cache: Cache<unknown>) => Array.from(cache.items(), ([key]) => key);

describe("a cache", () => {
	it("drops what was set longest ago", () => {
		const cache = cacheLibrary.new<number>(2);
		expect([cache.set("a", 1), cache.set("b", 2), cache.set("c", 3)]).toEqual([true, true, true]);
		expect(Array.from(cache.items(), (item) => [...item])).toEqual([["c", 3], ["b", 2]]);
		expect(cache.get("a")).toBeUndefined();
		expect(cache.count()).toBe(2);
	});

	it("takes what is set again for the newest, but not what is read", () => {
		const cache = cacheLibrary.new<number>(3);
		for (const key of ["a", "b", "c"]) cache.set(key, 1);
		cache.get("a");
		cache.set("b", 2);
		expect(keys(cache)).toEqual(["b", "c", "a"]);
	});

	it("removes on nil", () => {
		const cache = cacheLibrary.new<number>(1);
		cache.set("a", 1);
		expect(cache.set("a", undefined)).toBe(true);
		expect(cache.set("b", undefined)).toBe(true);
		expect(cache.count()).toBe(0);
		cache.set("a", 1);
		cache.clear();
		expect(keys(cache)).toEqual([]);
	});

	it("refuses when it must not evict", () => {
		const full = cacheLibrary.new<number>(1, false);
		expect([full.set("a", 1), full.set("b", 2), full.set("a", 3)]).toEqual([true, false, true]);
		expect(full.get("a")).toBe(3);
		const kept = cacheLibrary.new<number>(1, () => false);
		kept.set("a", 1);
		expect(kept.set("b", 2)).toBe(false);
		expect(keys(kept)).toEqual(["a"]);
	});

	it("tells what it drops, which may be removed meanwhile", () => {
		const dropped: unknown[] = [];
		const cache: Cache<number> = cacheLibrary.new<number>(2, (key, value) => {
			dropped.push([key, value]);
			cache.set(key, undefined);
		});
		for (const key of ["a", "b", "c", "d"]) cache.set(key, 1);
		expect(dropped).toEqual([["a", 1], ["b", 1]]);
		expect(keys(cache)).toEqual(["d", "c"]);
	});

	it("can be walked while it changes", () => {
		const cache = cacheLibrary.new<number>(3);
		for (const key of ["a", "b", "c"]) cache.set(key, 1);
		for (const [key] of cache.items()) cache.set(key, undefined);
		expect(cache.count()).toBe(0);
	});

	it("needs room", () => {
		for (const size of [0, -1, 0.5, NaN]) expect(() => cacheLibrary.new(size)).toThrow("greater than zero");
		expect(cacheLibrary.new(1.9).set("a", 1)).toBe(true);
	});

	it("takes any key", () => {
		const cache = cacheLibrary.new<string>(20);
		for (const name of HOSTILE_NAMES) {
			expect(cache.get(name)).toBeUndefined();
			cache.set(name, name);
			expect(cache.get(name)).toBe(name);
		}
		expect(cache.count()).toBe(HOSTILE_NAMES.length);
	});
});
