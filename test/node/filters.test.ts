import { describe, expect, it } from "vitest";
import { filtersLibrary as filters } from "../../bridge/node/filters";
import type { Session } from "../../bridge/api";
import { HOSTILE_NAMES } from "./machine";

const session = () => ({ type: "c2s" }) as Session;

describe("filters", () => {
	it("run by priority, each on what the last returned", () => {
		const c2s = session();
		filters.add_filter(c2s, "stanzas/out", (data: string) => `${data}b`, 1);
		filters.add_filter(c2s, "stanzas/out", (data: string) => `${data}c`);
		filters.add_filter(c2s, "stanzas/out", (data: string) => `${data}a`, 2);
		filters.add_filter(c2s, "stanzas/out", (data: string) => `${data}d`);
		const filter = filters.initialize(c2s);
		expect(filter("stanzas/out", "")).toBe("abcd");
		expect(filter("stanzas/in", "x")).toBe("x");
		expect(filters.initialize(c2s)).toBe(filter);
	});

	it("drop what one returns nil for", () => {
		const c2s = session();
		const seen: unknown[] = [];
		filters.add_filter(c2s, "stanzas/in", () => undefined, 1);
		filters.add_filter(c2s, "stanzas/in", (data) => seen.push(data));
		expect(filters.initialize(c2s)("stanzas/in", "x")).toBeUndefined();
		expect(seen).toEqual([]);
	});

	it("get the session, are there once, and go", () => {
		const c2s = session();
		const seen: unknown[] = [];
		const filter = (data: string, given: Session) => {
			seen.push(given);
			return data;
		};
		filters.add_filter(c2s, "t", filter);
		filters.add_filter(c2s, "t", filter, 5);
		filters.initialize(c2s)("t", "x");
		expect(seen).toEqual([c2s]);
		filters.remove_filter(c2s, "t", filter);
		filters.remove_filter(c2s, "t", filter);
		filters.remove_filter(session(), "t", filter);
		filters.initialize(c2s)("t", "x");
		expect(seen).toHaveLength(1);
	});

	it("may go while they run", () => {
		const c2s = session();
		const first = (data: string) => {
			filters.remove_filter(c2s, "t", first);
			return `${data}1`;
		};
		filters.add_filter(c2s, "t", first);
		filters.add_filter(c2s, "t", (data: string) => `${data}2`);
		expect(filters.initialize(c2s)("t", "")).toBe("12");
		expect(filters.initialize(c2s)("t", "")).toBe("2");
	});

	it("can have any type", () => {
		for (const name of HOSTILE_NAMES) expect(filters.initialize(session())(name, "x")).toBe("x");
	});
});
