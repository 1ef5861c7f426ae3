import { describe, expect, it } from "vitest";
import { createLua } from "./lua";

const { run } = createLua();

describe("strings whose bytes have the same hexadecimal digits", () => {
	it.each([
		[String.raw`"\8\0"`, String.raw`"\128"`],
		[String.raw`"\1\18"`, String.raw`"\17\2"`],
		[String.raw`("x"):rep(40).."\8\0"`, String.raw`("x"):rep(40).."\128"`],
	])("%s and %s are two", (left, right) => {
		expect(run(`return ${left} == ${right}`)).toBe(false);
		expect(run(`local t = {}; t[${left}] = "left"; return t[${right}]`)).toBe(undefined);
	});

	it("are ordered by their bytes", () => {
		expect(run(String.raw`return "\n" < " " and "a\t" < "a " and "\8\0" < "\128" and not ("\128" <= "\8\0")`)).toBe(true);
		expect(run(String.raw`return "" < "\0" and "a" < "a\0" and "a\0" < "ab"`)).toBe(true);
	});
});

describe("strings of any length", () => {
	it.each([0, 1, 31, 32, 33, 1000])("are found in tables: %i bytes", (length) => {
		const text = String.raw`("\255"):rep(${length})`;
		expect(run(`local t = { [${text}] = "found" }; return t[("\\255"):rep(${length - 1}).."\\255"]`))
			.toBe(length === 0 ? undefined : "found");
	});
});
