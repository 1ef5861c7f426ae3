import { describe, expect, it } from "vitest";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { createLua } from "./lua";

const { run } = createLua();

describe("the order of lists", () => {
	/** The keys as `pairs` gives them. */
	function order(constructor: string, change = ""): string {
		return run(`local t = ${constructor}; ${change}
			local keys = {};
			for key in pairs(t) do keys[#keys + 1] = tostring(key); end
			return table.concat(keys, " ");`);
	}

	const hundred = Array.from({ length: 103 }, (_, index) => index + 1).join(" ");

	it.each([
		["{ 'a', 'b', 'c' }", "1 2 3"],
		["{ x = 1, 'a', 'b', y = 2, 'c' }", "1 2 3 x y"],
		["{ 'a', nil, 'c' }", "1 3"],
		["{ [2] = 'x', 'a', nil, 'c' }", "1 3"],
		["{ [7] = 'x', 'a', 'b' }", "1 2 7"],
		["{ [0] = 'x', 'a', 'b' }", "1 2 0"],
		["{ table.unpack({ 1, 2, 3, 4 }) }", "1 2 3 4"],
		["table.pack('a', 'b', 'c')", "1 2 3 n"],
		[`{ ${hundred.replaceAll(" ", ", ")}, x = 1 }`, `${hundred} x`],
		[`{ x = 1, ${hundred.replaceAll(" ", ", ").replace(" 50,", " nil,")} }`, `${hundred.replace(" 50 ", " ")} x`],
	])("of %s is that of the list, then of the fields", (constructor, keys) => {
		expect(order(constructor)).toBe(keys);
	});

	it("is kept as items come and go", () => {
		expect(order("{ 1, 2, 3, 4 }", "t[2] = nil; t[1] = nil;")).toBe("3 4");
		expect(order("{ 1, 2 }", "t.x = 1; t[3] = 3;")).toBe("1 2 x 3");
	});

	it("lets a traversal remove what it meets", () => {
		expect(run(`local t, met = { x = 1, 1, 2, 3 }, {};
			for key in pairs(t) do t[key] = nil; met[#met + 1] = tostring(key); end
			return table.concat(met, " ")..tostring(next(t))`)).toBe("1 2 3 xnil");
	});
});

describe("numbers as strings", () => {
	it.each([
		["1e15", "1e+15"], ["1e14", "1e+14"], ["1e13", "10000000000000.0"], ["2^53", "9.007199254741e+15"],
		["73786976294838206464", "7.3786976294838e+19"], ["1e100", "1e+100"],
		["123456789012345.0", "1.2345678901234e+14"], ["5e-324", "4.9406564584125e-324"],
		["0.1", "0.1"], ["1/3", "0.33333333333333"], ["1e-5", "1e-05"], ["0.0001", "0.0001"], ["0.1 + 0.2", "0.3"],
		["-0.0", "-0.0"], ["3.0", "3.0"], ["-2.5", "-2.5"], ["100.0", "100.0"], ["7", "7"], ["(-7)", "-7"],
		["math.huge", "inf"], ["-math.huge", "-inf"], ["0/0", "-nan"],
	])("%s is %s", (number, text) => {
		expect(run(`return tostring(${number})`)).toBe(text);
		expect(run(`return "" .. ${number}`)).toBe(text);
		expect(run(`return table.concat({ ${number} })`)).toBe(text);
	});
});

describe("string.format", () => {
	it.each([
		["%e", "1.5", "1.500000e+00"], ["%.0e", "15.0", "2e+01"], ["%E", "12345", "1.234500E+04"],
		["%.3e", "0", "0.000e+00"],
		["%f", "1", "1.000000"], ["%.0f", "2.5", "2"], ["%.0f", "3.5", "4"], ["%#.0f", "2", "2."],
		["%.20f", "0.1", "0.10000000000000000555"], ["%.1f", "1e22", "10000000000000000000000.0"],
		["%08.2f", "-3.14159", "-0003.14"], ["%+.1f|", "2", "+2.0|"], ["%-8.2f|", "3.14159", "3.14    |"],
		["% f", "1", " 1.000000"], ["%5.1f", "math.huge", "  inf"], ["%05f", "-math.huge", " -inf"],
		["%g", "1e15", "1e+15"], ["%g", "100000", "100000"], ["%g", "1e-5", "1e-05"], ["%.3g", "1234.5", "1.23e+03"],
		["%#g", "1", "1.00000"], ["%G", "1e-10", "1E-10"], ["%g", "0", "0"], ["%.17g", "0.1", "0.10000000000000001"],
		["%G", "math.huge", "INF"],
		["%a", "97", "0x1.84p+6"], ["%A", "-12345", "-0X1.81C8P+13"], ["%a", "2.0^66", "0x1p+66"],
		["%.2a", "1/3", "0x1.55p-2"], ["%.1a", "1.97", "0x2.0p+0"], ["%a", "0", "0x0p+0"],
		["%d", "3.0", "3"], ["%d", "2^53", "9007199254740992"], ["%5d|", "42", "   42|"], ["%-5d|", "42", "42   |"],
		["%05d", "-42", "-0042"], ["%.3d", "7", "007"], ["%+d", "7", "+7"], ["% d", "7", " 7"], ["%d", "'10'", "10"],
		["%i", "7", "7"], ["%u", "7", "7"], ["%x", "255", "ff"], ["%#X", "255", "0XFF"],
		["%x", "-1", "ffffffffffffffff"], ["%o", "8", "10"], ["%#o", "8", "010"],
		["%c%%", "65", "A%"], ["%3c|", "65", "  A|"],
		["%s", "nil", "nil"], ["%s", "1e15", "1e+15"], ["%5s|", "'ab'", "   ab|"], ["%-5s|", "'ab'", "ab   |"],
		["%.2s", "'abc'", "ab"], ["%.1s", "'\\xffx'", "\udcff"], ["%4s", "'ä'", "  ä"],
		["%q", "'a\\n\\0001\\\"'", '"a\\\n\\0001\\""'], ["%q", "1.5", "0x1.8p+0"], ["%q", "math.huge", "1e9999"],
		["%q", "12", "12"], ["%q", "-2147483648 // 1 | 0", "0x80000000"],
	])("%s of %s is %j", (format, argument, text) => {
		const chunk = "local format, argument = ...; return string.format(format, load('return '..argument)())";
		expect(run(chunk, format, argument)).toBe(text);
	});

	it("keeps what is no UTF-8", () => {
		expect(run("return string.format('\\xff%s\\xfe', '\\x80\\0') == '\\xff\\x80\\0\\xfe'")).toBe(true);
	});

	it.each([
		["'%d', 1.5", "bad argument #2 to 'format' (number has no integer representation)"],
		["'%d', 2.0^63", "bad argument #2 to 'format' (number has no integer representation)"],
		["'%d', 'x'", "bad argument #2 to 'format' (number expected, got string)"],
		["'%s %s', 1", "bad argument #3 to 'format' (no value)"],
		["'%y', 1", "invalid option '%y' to 'format'"],
		["'%'", "bad argument #2 to 'format' (no value)"],
		["'%123d', 1", "invalid format (width or precision too long)"],
		["'%.123f', 1", "invalid format (width or precision too long)"],
		["'%-+ #0d', 1", "invalid format (repeated flags)"],
		["'%5s', 'a\\0b'", "bad argument #2 to 'format' (string contains zeros)"],
		["'%q', {}", "bad argument #2 to 'format' (value has no literal form)"],
	])("refuses %s", (args, message) => {
		expect(() => run(`string.format(${args})`)).toThrow(message);
	});
});

describe("other functions", () => {
	it("string.char refuses what is no byte with an error of Lua's", () => {
		expect(run("return string.char(72, 0, 255) == 'H\\0\\xff'")).toBe(true);
		expect(() => run("string.char(65, 256)")).toThrow("bad argument #2 to 'char' (value out of range)");
	});

	it("collectgarbage answers", () => {
		expect(run("return collectgarbage()")).toBe(0);
		expect(run("return collectgarbage('count') > 100")).toBe(true);
		expect(() => run("collectgarbage('all')")).toThrow("bad argument #1 to 'collectgarbage' (invalid option 'all')");
	});

	it("loadfile and dofile read files as Lua does", () => {
		const folder = mkdtempSync(join(tmpdir(), "mends-"));
		try {
			const path = join(folder, "chunk.lua");
			const results = (text: string) => {
				writeFileSync(path, text);
				return run(`local chunk, err = loadfile(..., "t", { x = 7 }); return chunk and chunk() or err`, path);
			};
			expect(results("")).toBeUndefined();
			expect(results("#!/usr/bin/lua")).toBeUndefined();
			expect(results("\ufeffreturn x")).toBe(7);
			expect(results("return +")).toContain("chunk.lua:1: unexpected symbol near");
			writeFileSync(path, "#!lua\nerror 'here'");
			expect(() => run("dofile(...)", path)).toThrow("chunk.lua:2: here");
			expect(run("return select(2, loadfile(...))", join(folder, "none"))).toBe(
				`cannot open ${join(folder, "none")}: No such file or directory`,
			);
			expect(run("return select(2, loadfile(...))", folder)).toBe(`cannot read ${folder}: Is a directory`);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
