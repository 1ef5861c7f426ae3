import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonLibrary as json } from "../../bridge/node/json";
import { HOSTILE_NAMES } from "./machine";

describe("JSON", () => {
	it.each([
		["a\"b\\c/\n\r\t\b\f\x01\x1f\x7fé😀", "\"a\\\"b\\\\c/\\n\\r\\t\\b\\f\\u0001\\u001F\x7fé😀\""],
		[1, "1"], [-0.5, "-0.5"], [1e100, "1e+100"], [true, "true"], [[], "[]"], [{}, "{}"],
		[[1, [2], { a: "b" }], "[1,[2],{\"a\":\"b\"}]"], [{ a: undefined, b: () => 1, c: [undefined] }, "{\"c\":[null]}"],
		[json.null, "null"], [undefined, "null"], [NaN, "null"], [-Infinity, "null"],
	])("of %j is %s", (value, text) => {
		expect(json.encode(value)).toBe(text);
	});

	it("keeps bytes that are no UTF-8 as they are", () => {
		expect(json.encode("\udcff")).toBe("\"\udcff\"");
	});

	it("is read as tables without inherited members", () => {
		const [value] = json.decode("{\"__proto__\":{\"a\":1},\"constructor\":2,\"list\":[{}]}");
		const data = value as Record<string, unknown>;
		expect(Object.keys(data)).toEqual(["__proto__", "constructor", "list"]);
		expect((data.__proto__ as Record<string, unknown>).a).toBe(1);
		expect(data.toString).toBeUndefined();
		expect((data.list as Record<string, unknown>[])[0]!.constructor).toBeUndefined();
	});

	it("has a null that is a value", () => {
		const [value] = json.decode("{\"a\":null,\"b\":[null]}");
		expect(value).toEqual({ a: json.null, b: [json.null] });
		expect([...json.decode("null")]).toEqual([json.null]);
		expect(String(json.null)).toBe("null");
	});

	it.each([
		"", "{", "[1,]", "{a:1}", "nil", "01", "'a'", "1 2",
		"\"\\x\"", "\"\\ud800\"", "{\"\\udc00\":1}", "\"\udcff\"", "\"a\nb\"",
	])("is not %j", (text) => {
		const [value, error] = json.decode(text);
		expect(value).toBeUndefined();
		expect(error).toEqual(expect.any(String));
	});

	it("may nest deeply", () => {
		const depth = 20_000;
		const [value] = json.decode("[".repeat(depth) + "]".repeat(depth));
		expect(Array.isArray(value)).toBe(true);
	});

	it("is read as it was written", () => {
		const key = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...HOSTILE_NAMES));
		fc.assert(fc.property(fc.jsonValue({ stringUnit: "grapheme" }), key, (data, name) => {
			// Numbers are written with 14 digits, as in Lua, and null has its own test.
			const value: unknown = JSON.parse(JSON.stringify({ [name]: data }), (_, member: unknown) =>
				typeof member === "number" ? Math.trunc(member % 1e9) : member ?? "null");
			const [copy] = json.decode(json.encode(value));
			expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
		}));
	});
});
