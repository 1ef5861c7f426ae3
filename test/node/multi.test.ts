import { describe, expect, it } from "vitest";
import { MultiReturn, multi } from "../../bridge/node/multi";

describe("several results", () => {
	it("are told apart from a list", () => {
		expect(multi(1, undefined, "a")).toBeInstanceOf(MultiReturn);
		expect([...multi(1, undefined, "a")]).toEqual([1, undefined, "a"]);
		expect([1]).not.toBeInstanceOf(MultiReturn);
	});

	it("are what $multi makes, also of a single number", () => {
		const results = $multi(3);
		expect(results).toBeInstanceOf(MultiReturn);
		expect(results.length).toBe(1);
		expect(results[0]).toBe(3);
		expect($multi().length).toBe(0);
	});

	it("give plain lists", () => {
		expect(multi(1, 2).map((value) => value)).not.toBeInstanceOf(MultiReturn);
	});
});
