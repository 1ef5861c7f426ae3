import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../bridge/scenario";
import { explainMismatch } from "../../bridge/scenario";
import { matchJson } from "../../bridge/scenario/match-json";

function match(expected: JsonValue, received: JsonValue) {
	const result = matchJson(expected, received, (name) => `<${name}>`);
	return "mismatch" in result ? explainMismatch(result.mismatch) : Object.fromEntries(result.captures);
}

describe("JSON", () => {
	it.each<[JsonValue, JsonValue]>([
		[{}, { a: 1 }],
		[{ a: 1, b: { c: null } }, { b: { c: null, d: 2 }, a: 1, e: 3 }],
		[{ a: [1, { b: true }] }, { a: [1, { b: true, c: 1 }] }],
		[{ a: "{scansion:any}" }, { a: { b: 1 } }],
		[{ a: "${x}!" }, { a: "<x>!" }],
		[{ a: null, b: { c: null } }, { b: {} }],
	])("%j is contained in %j", (expected, received) => {
		expect(match(expected, received)).toEqual({});
	});

	it("captures text", () => {
		expect(match({ a: "{scansion:capture:x}", b: ["id-{scansion:capture:y}"] }, { a: "1", b: ["id-2"] }))
			.toEqual({ x: "1", y: "2" });
	});

	it.each<[JsonValue, JsonValue, string]>([
		[{ a: 1 }, {}, "$.a: member is missing, expected \"1\""],
		[{ a: 1 }, { a: "1" }, "$.a: value is \"\\\"1\\\"\", expected \"1\""],
		[{ a: "x" }, { a: "y" }, "$.a: text is \"\\\"y\\\"\", expected \"\\\"x\\\"\""],
		[{ a: "{scansion:capture:x}" }, { a: 1 }, "$.a: text is \"1\", expected \"\\\"{scansion:capture:x}\\\"\""],
		[{ a: {} }, { a: [] }, "$.a: object is \"[]\", expected \"{}\""],
		[{ a: [] }, { a: {} }, "$.a: list is \"{}\", expected \"[]\""],
		[{ a: [1] }, { a: [1, 2] }, "$.a: list is \"[1,2]\", expected \"[1]\""],
		[{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, "$.a[0].b: value is \"2\", expected \"1\""],
		[{ a: null }, { a: false }, "$.a: value is \"false\", expected \"null\""],
		[{ a: { b: null } }, {}, "$.a: member is missing, expected \"{\\\"b\\\":null}\""],
		[[null], [], "$: list is \"[]\", expected \"[null]\""],
		[{ constructor: 1 }, {}, "$.constructor: member is missing, expected \"1\""],
		[JSON.parse("{\"__proto__\": {}}") as JsonValue, {}, "$.__proto__: member is missing, expected \"{}\""],
	])("%j is not contained in %j", (expected, received, explanation) => {
		expect(match(expected, received)).toBe(explanation);
	});
});
