import { describe, expect, it } from "vitest";
import { format, luaToString } from "../../bridge/node/format";
import { stanzaLibrary as st } from "../../bridge/node/stanza";

describe("format", () => {
	it.each<[string, unknown[], string]>([
		["%s", ["hello"], "hello"], ["%s", [undefined], "(nil)"], ["%d", [undefined], "(nil)"], ["%s", [true], "true"],
		["%s and %s", ["a"], "a and (nil)"], ["%%s", [], "%s"], ["100%%", [], "100%"],
		["%d", [5], "5"], ["%d", [1.5], "[1.5]"], ["%d", ["5"], "[5]"], ["%d", [true], "[true]"], ["%d", [-3], "-3"],
		["%5d|%-5d|%05d|%+d", [1, 2, 3, 4], "    1|2    |00003|+4"], ["%05d", [-3], "-0003"],
		["%u %x %X %o", [10, 255, 255, 8], "10 ff FF 10"], ["%x", [-1], "[-1]"], ["%c", [65], "A"],
		["%.2f %g %e", [1.005, 0.1, 12345], "1.00 0.1 1.234500e+04"], ["%g", [1e6], "1e+06"],
		["%10s|%-4s|%.2s", ["a", "b", "cde"], "         a|b   |cd"],
		["%q", ["it's \"x\"\n"], "\"it\\'s \\\"x\\\"\\n\""], ["%q", [5], "5"],
		["text", ["extra", undefined, 1], "text [extra] [(nil)] [1]"],
		["%s", ["a\nb\n\tc"], "a\n\tb\n\tc"], ["%s", ["\x1b[31m\0\x7f"], "␛[31m␀␡"],
		["%s", ["\udcff"], "\"\\255\""], ["é %s", ["é"], "é é"], ["%s", [1.5], "1.5"], ["%s", [1e100], "1e+100"],
		["%s", [{}], "table"], ["%s", [Object.create(null)], "table"], ["%s", [[1]], "table"], ["%s", [() => 1], "function"],
		["%p", [{}], "[table]"], ["%a", [1], "[1]"],
	])("%j with %j is %j", (template, args, expected) => {
		expect(format(template, ...args)).toBe(expected);
	});

	it("shows what has a text of its own", () => {
		expect(format("%s", st.message({ to: "a" }))).toBe("<message to='a'/>");
		expect(format("%s", new Error("broken"))).toBe("Error: broken");
		expect(luaToString(null)).toBe("nil");
	});
});
