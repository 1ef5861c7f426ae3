import { describe, expect, it } from "vitest";
import { bootEnvironment, createMachine, type TestMachine } from "./environment";

/** Loads a module that puts its API into a global, and evaluates an expression on it. */
function evaluate(options: Record<string, string>, expression: string): { value: unknown; machine: TestMachine } {
	const { run, machine } = bootEnvironment(createMachine({ options }));
	run('boot.load("options", function (module) api = module; end)');
	return { value: run(`local module = api; return ${expression}`), machine };
}

describe("options", () => {
	it.each([
		["true", { boolean: true, string: "true" }],
		["false", { boolean: false, string: "false" }],
		['"true"', { boolean: true, string: "true" }],
		["1", { boolean: true, string: "1", number: 1 }],
		["0", { boolean: false, string: "0", number: 0 }],
		['"12"', { string: "12", number: 12 }],
		["1234", { string: "1234", number: 1234 }],
		["{ 1, 2, 3 }", { boolean: true, string: "1", number: 1 }],
		['"hello"', { string: "hello" }],
	])("converts %s as Prosody does", (literal, expected: Record<string, unknown>) => {
		for (const type of ["boolean", "string", "number"]) {
			expect(evaluate({ opt: literal }, `module:get_option_${type}("opt")`).value).toBe(expected[type]);
		}
	});

	it("logs what it does not understand, and gives nil", () => {
		const { value, machine } = evaluate({ opt: '"many"' }, 'module:get_option_number("opt", 5)');
		expect(value).toBe(undefined);
		expect(machine.logged).toContainEqual(expect.objectContaining({
			source: "localhost:options", level: "error", message: "Config option 'opt' not understood, expecting a number",
		}));
	});

	it("has the default where the option is not set", () => {
		expect(evaluate({}, 'module:get_option_number("opt", 5)').value).toBe(5);
		expect(evaluate({}, 'module:get_option_boolean("opt", false)').value).toBe(false);
		expect(evaluate({}, 'module:get_option_string("opt")').value).toBe(undefined);
		expect(evaluate({}, 'module:get_option("opt", "x")').value).toBe("x");
	});

	it("holds numbers to their bounds, but not the default", () => {
		expect(evaluate({ opt: "50" }, 'module:get_option_number("opt", 5, 1, 10)').value).toBe(10);
		expect(evaluate({ opt: "-50" }, 'module:get_option_number("opt", 5, 1, 10)').value).toBe(1);
		expect(evaluate({}, 'module:get_option_number("opt", 50, 1, 10)').value).toBe(50);
	});

	it("cuts fractions off integers", () => {
		expect(evaluate({ opt: "2.9" }, 'module:get_option_integer("opt", 1)').value).toBe(2);
		expect(evaluate({ opt: "5000000000" }, 'module:get_option_integer("opt", 1)').value).toBe(5_000_000_000);
	});

	it.each([
		['"2 days"', 172_800], ['"1 week"', 604_800], ['"5 min"', 300], ["30", 30], ['"3 hours"', 10_800],
		['"never"', Infinity], ["false", Infinity], ["-1", Infinity], ['"1 m"', 31 * 86_400], ['"soon"', undefined],
	])("reads the period %s", (literal, seconds) => {
		expect(evaluate({ opt: literal }, 'module:get_option_period("opt", 99)').value).toBe(seconds);
	});

	it("bounds periods by text too", () => {
		expect(evaluate({ opt: "1" }, 'module:get_option_period("opt", 99, "1 minute")').value).toBe(60);
		expect(evaluate({}, 'module:get_option_period("opt", "2 hours")').value).toBe(7200);
	});

	it("takes one of the values of an enum", () => {
		expect(evaluate({ opt: '"b"' }, 'module:get_option_enum("opt", "a", "b")').value).toBe("b");
		expect(evaluate({ opt: '"c"' }, 'module:get_option_enum("opt", "a", "b")').value).toBe("c");
	});

	it("makes arrays and sets, of single values too", () => {
		expect(evaluate({ opt: '{ "a", "b" }' }, '#module:get_option_array("opt")').value).toBe(2);
		expect(evaluate({ opt: '"a"' }, 'module:get_option_array("opt")[1]').value).toBe("a");
		expect(evaluate({ opt: '{ "a", "b" }' }, 'module:get_option_set("opt"):contains("b")').value).toBe(true);
		expect(evaluate({}, 'module:get_option_set("opt")').value).toBe(undefined);
	});

	it("is on another host what is set there or globally", () => {
		expect(evaluate({ opt: "1" }, 'module:context("*"):get_option("opt")').value).toBe(undefined);
		expect(evaluate({ opt: "1" }, 'module:context("*"):get_host_type()').value).toBe("global");
	});
});
