import { describe, expect, it } from "vitest";
import { createOptionsApi, parseOptions } from "../../bridge/node/options";
import { HOSTILE_NAMES } from "./machine";
import { format } from "../../bridge/node/format";

function options(literals: Record<string, string>) {
	const logged: string[] = [];
	const api = createOptionsApi(parseOptions(literals), (level, message, ...args) => {
		logged.push(`${level}: ${format(message, ...args)}`);
	});
	return { api, logged };
}

describe("options", () => {
	it("are Lua literals", () => {
		const { api } = options({ a: "72*3600", b: "{ 1, 'x' }", c: "false", d: "nil" });
		expect(api.get_option("a")).toBe(259200);
		expect(api.get_option("b")).toEqual([1, "x"]);
		expect(api.get_option("c", true)).toBe(false);
		expect(api.get_option("d", 5)).toBe(5);
		expect(api.get_option("e")).toBeUndefined();
		expect(() => options({ push: "{ 1" })).toThrow("option push:1: '}' expected near '<eof>'");
	});

	it("are not inherited", () => {
		for (const name of HOSTILE_NAMES) expect(options({}).api.get_option(name)).toBeUndefined();
		expect(options(Object.fromEntries([["__proto__", "5"]])).api.get_option("__proto__")).toBe(5);
	});

	it("as text are anything scalar", () => {
		const { api, logged } = options({
			s: "'x'", n: "5", f: "0.5", t: "true", no: "false", l: "{ 'a', 'b' }", o: "{ 'a' }", e: "{}", m: "{ a = 1 }",
		});
		const names = ["s", "n", "f", "t", "no", "l", "o", "e", "m", "missing"];
		expect(names.map((name) => api.get_option_string(name, "default")))
			.toEqual(["x", "5", "0.5", "true", "false", "a", "a", undefined, undefined, "default"]);
		expect(api.get_option_string("missing")).toBeUndefined();
		expect(logged).toEqual(["error: Config option 'l' does not take a list, using just the first item"]);
	});

	it("as scalars are the first of a list", () => {
		const { api, logged } = options({ l: "{ 'a', 'b' }", mixed: "{ 'a', 'b', c = 1 }", e: "{}", no: "false" });
		expect(["l", "mixed", "e", "no", "missing"].map((name) => api.get_option_scalar(name, "default")))
			.toEqual(["a", "a", undefined, false, "default"]);
		expect(api.get_option_scalar("missing", ["x", "y"])).toBe("x");
		expect(logged).toEqual(["l", "mixed", "missing"].map((name) =>
			`error: Config option '${name}' does not take a list, using just the first item`));
	});

	it("as numbers are also taken from text", () => {
		const { api, logged } = options({
			n: "5", s: "'10'", x: "'0x10'", bad: "'many'", b: "true", l: "{ 7, 8 }", e: "{}",
		});
		expect(["n", "s", "x", "bad", "b", "l", "e", "missing"].map((name) => api.get_option_number(name, 1)))
			.toEqual([5, 10, 16, undefined, undefined, 7, undefined, 1]);
		expect(logged).toEqual([
			"error: Config option 'bad' not understood, expecting a number",
			"error: Config option 'b' not understood, expecting a number",
			"error: Config option 'l' does not take a list, using just the first item",
		]);
	});

	// Prosody 13.0 compares nil with the bound.
	it("as numbers with bounds fail where they are none", () => {
		const { api, logged } = options({ bad: "'many'", e: "{}" });
		expect(() => api.get_option_number("bad", 1, 0)).toThrow("attempt to compare nil with number");
		expect(() => api.get_option_number("e", 1, undefined, 9)).toThrow("attempt to compare number with nil");
		expect(() => api.get_option_integer("bad", 1)).toThrow("attempt to compare nil with number");
		expect(api.get_option_number("bad", undefined, 0, 9)).toBeUndefined();
		expect(api.get_option_integer("bad")).toBeUndefined();
		expect(logged).toHaveLength(4);
	});

	it("as numbers keep within bounds, save for the default", () => {
		const { api, logged } = options({ n: "5" });
		expect(api.get_option_number("n", 1, 6)).toBe(6);
		expect(api.get_option_number("n", 1, 0, 4)).toBe(4);
		expect(api.get_option_number("missing", 1, 2, 3)).toBe(1);
		expect(logged).toEqual([
			"warn: Config option 'n' out of bounds 5 < 6", "warn: Config option 'n' out of bounds 5 > 4",
		]);
	});

	it("as whole numbers are rounded down", () => {
		const { api, logged } = options({ n: "5", f: "5.7", neg: "-1.5", s: "'6'" });
		expect(["n", "f", "neg", "s", "missing"].map((name) => api.get_option_integer(name, 1))).toEqual([5, 5, -2, 6, 1]);
		expect(logged[0]).toBe("warn: Config option 'f' expected an integer, not a float (5.7)");
		expect(logged).toHaveLength(2);
		expect(options({ inf: "1/0" }).api.get_option_integer("inf", 1)).toBe(2 ** 53);
	});

	it("as booleans are what Prosody takes for them", () => {
		const { api, logged } = options({
			a: "true", b: "'true'", c: "1", d: "false", e: "'false'", f: "0", g: "'yes'", h: "2",
		});
		const read = (name: string) => [api.get_option_boolean(name, true), api.get_option_boolean(name, false)];
		expect(["a", "b", "c"].map(read)).toEqual([[true, true], [true, true], [true, true]]);
		expect(["d", "e", "f"].map(read)).toEqual([[false, false], [false, false], [false, false]]);
		expect(logged).toEqual([]);
		expect(["g", "h"].map(read)).toEqual([[undefined, undefined], [undefined, undefined]]);
		expect(api.get_option_boolean("missing")).toBeUndefined();
		expect(logged[0]).toBe("error: Config option 'g' not understood, expecting true/false");
		expect(logged).toHaveLength(4);
	});

	it.each<[string, number]>([
		["300", 300], ["0.5", 0.5], ["'2 days'", 172800], ["'1 week'", 604800], ["'3 hours'", 10800],
		["'1h'", 3600], ["'90s'", 90],
		["'15 minutes'", 900], ["'2 months'", 2 * 31 * 86400], ["'1 year'", 365.2425 * 86400], ["'10 SECONDS'", 10],
		["'never'", Infinity], ["false", Infinity], ["-1", Infinity], ["{ '2 days' }", 172800],
	])("as periods: %s", (literal, seconds) => {
		const { api, logged } = options({ p: literal });
		expect(api.get_option_period("p", 1)).toBe(seconds);
		expect(logged.filter((line) => line.startsWith("error"))).toEqual([]);
	});

	it("as periods have a default, which may be text, where nothing is set", () => {
		const { api, logged } = options({ bad: "'soon'", b: "true", e: "{}", m: "'5 m'", plain: "'60'" });
		expect(api.get_option_period("missing", "2 days")).toBe(172800);
		expect(api.get_option_period("missing", "never")).toBe(Infinity);
		expect(api.get_option_period("missing")).toBeUndefined();
		expect(["bad", "b", "e"].map((name) => api.get_option_period(name, "2 days")))
			.toEqual([undefined, undefined, undefined]);
		expect(logged).toEqual([
			"error: Config option 'bad' not understood, expecting a period (e.g. \"2 days\")",
			"error: Config option 'b' expects a number or a period description string (e.g. \"3 hours\"), not boolean",
		]);
		expect(api.get_option_period("m", 1)).toBe(5 * 31 * 86400);
		expect(api.get_option_period("plain", 1)).toBe(60);
		expect(logged[2]).toContain("ambiguous period '5 m' - use full syntax e.g. '5 months' or '5 minutes'");
		expect(api.get_option_period("missing", "soon")).toBeUndefined();
	});

	it("as periods keep within bounds", () => {
		const { api } = options({ p: "60", n: "'never'", no: "false", inf: "1/0" });
		expect(api.get_option_period("p", 1, "2 minutes")).toBe(120);
		expect(api.get_option_period("p", 1, 0, 30)).toBe(30);
		expect(api.get_option_period("n", 1, 0, 30)).toBe(Infinity);
		expect(api.get_option_period("no", 1, 0, 30)).toBe(Infinity);
		expect(api.get_option_period("inf", 1, 0, 30)).toBe(30);
		expect(api.get_option_period("missing", 1, 5)).toBe(5);
	});

	it("as a choice are one of the values", () => {
		const { api, logged } = options({ good: "'b'", bad: "'z'", empty: "{}" });
		expect(api.get_option_enum("good", "a", "b")).toBe("b");
		expect(api.get_option_enum("missing", "a", "b")).toBe("a");
		expect(api.get_option_enum("bad", "a", "b")).toBe("z");
		expect(api.get_option_enum("empty", "a", "b")).toBeUndefined();
		expect(logged).toEqual(["error: Config option 'bad' not in set of allowed values (one of: a, b)"]);
	});

	it("as lists are lists, also of one", () => {
		const { api } = options({ l: "{ 'a', 'b' }", one: "'a'", empty: "{}", map: "{ a = 1 }", mixed: "{ 5, a = 1 }" });
		expect(api.get_option_array("l")).toEqual(["a", "b"]);
		expect(api.get_option_array("l")).not.toBe(api.get_option("l"));
		expect(api.get_option_array("one")).toEqual(["a"]);
		expect(api.get_option_array("empty")).toEqual([]);
		expect(api.get_option_array("map")).toEqual([]);
		expect(api.get_option_array("mixed")).toEqual([5]);
		expect(api.get_option_array("missing", ["d"])).toEqual(["d"]);
		expect(api.get_option_array("missing")).toBeUndefined();
		expect(api.get_option_set("l")!.contains("b")).toBe(true);
		expect(api.get_option_set("missing", ["d"])!.contains("d")).toBe(true);
		expect(api.get_option_set("missing")).toBeUndefined();
		expect(api.get_option_set("mixed")!.contains(5)).toBe(true);
		expect(api.get_option_set("mixed")!.contains("5")).toBe(false);
	});

	it("as inherited sets hold the default too, which is what the server as a whole has", () => {
		const { api } = options({ l: "{ 'a', 'b' }" });
		expect([...api.get_option_inherited_set("l", ["d"])!.items()]).toEqual(["a", "b", "d"]);
		expect([...api.get_option_inherited_set("l")!.items()]).toEqual(["a", "b"]);
		expect([...api.get_option_inherited_set("missing", ["d"])!.items()]).toEqual(["d"]);
		expect(api.get_option_inherited_set("missing")).toBeUndefined();
	});
});
