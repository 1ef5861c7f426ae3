import { describe, expect, it } from "vitest";
import { formatFixed, formatGeneral, formatScientific, numberToText, textToNumber } from "../../bridge/node/lua-number";

describe("numbers in C's formats", () => {
	it.each([
		[100000, 6, "100000"], [1e6, 6, "1e+06"], [0.0001, 6, "0.0001"], [0.00001, 6, "1e-05"], [1.5, 6, "1.5"],
		[123456789, 6, "1.23457e+08"], [0, 6, "0"], [-2.5, 1, "-2"], [Infinity, 6, "inf"], [NaN, 6, "nan"],
		[9.9999999, 3, "10"],
		[2 ** -21, 14, "4.7683715820312e-07"], [3.5, 1, "4"], [-0, 6, "-0"], [0.1, 18, "0.100000000000000006"],
		[120, 2, "1.2e+02"],
	])("%d with %%.%dg is %s", (number, precision, expected) => {
		expect(formatGeneral(number, precision)).toBe(expected);
	});

	it("have exponents of two digits", () => {
		expect(formatScientific(12345, 2)).toBe("1.23e+04");
		expect(formatScientific(1e-200, 0)).toBe("1e-200");
		expect(formatScientific(-Infinity, 2)).toBe("-inf");
	});

	it("have fixed decimals, however large", () => {
		expect(formatFixed(1.005, 2)).toBe("1.00");
		expect(formatFixed(1e22, 2)).toBe("10000000000000000000000.00");
		expect(formatFixed(NaN, 2)).toBe("nan");
	});
});

describe("numbers in Lua", () => {
	it("are text as tostring gives it", () => {
		expect([5, -0.5, 0.1, 1e15, 1e100, Infinity].map(numberToText))
			.toEqual(["5", "-0.5", "0.1", "1000000000000000", "1e+100", "inf"]);
	});

	it.each([
		["10", 10], [" \t-5\n", -5], ["1e3", 1000], [".5", 0.5], ["5.", 5], ["0x10", 16], ["-0xA.8", -10.5], ["0x1p4", 16],
		["", undefined], ["abc", undefined], ["1a", undefined], ["inf", undefined], ["nan", undefined], ["0x", undefined],
		["1 2", undefined], ["--1", undefined], ["1e", undefined], [".", undefined], ["١", undefined],
	])("%j as a number is %s", (text, expected) => {
		expect(textToNumber(text)).toBe(expected);
	});
});
