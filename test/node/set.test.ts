import { describe, expect, it } from "vitest";
import { HOSTILE_NAMES } from "./machine";
import { setLibrary } from "../../bridge/node/set";

describe("a set", () => {
	it("has what was added", () => {
		const set = setLibrary.new(["a", "b", "a"]);
		expect(Array.from(set.items())).toEqual(["a", "b"]);
		expect(set.contains("a")).toBe(true);
		set.remove("a");
		set.remove("never there" as "a");
		expect(set.contains("a")).toBe(false);
		set.remove("b");
		expect(set.empty()).toBe(true);
		set.add("b");
		expect(set.empty()).toBe(false);
		expect(String(setLibrary.new(["a", "b"]))).toBe("a, b");
	});

	it("takes any item", () => {
		const set = setLibrary.new<string>();
		for (const name of HOSTILE_NAMES) {
			expect(set.contains(name)).toBe(false);
			set.add(name);
			expect(set.contains(name)).toBe(true);
		}
	});
});
