import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { readConfiguration, runSpecs, specFiles } from "../../bridge/spec";
import { errorOf } from "./errors";
import { luaSpecs } from "./plugin";
import { specTree } from "./tree";

const fixtures = join(import.meta.dirname, "fixtures");
const before = process.cwd();
let folder: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "specs-"));
	process.chdir(folder);
});

afterAll(() => {
	process.chdir(before);
	rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
	mkdirSync(join(folder, name, ".."), { recursive: true });
	writeFileSync(join(folder, name), text);
	return name;
}

describe("runSpecs", () => {
	it("tells where a test is, and where it failed", () => {
		const path = write("where_spec.lua", [
			"describe('a', function ()", "\tit('b', function ()", "\t\tassert.equal(1, 2);", "\tend);", "end);",
		].join("\n"));
		expect(runSpecs([path])).toEqual([{
			kind: "it", names: ["a", "b"], spec: path, file: path, line: 2, status: "failure", problems: [{
				status: "failure", file: path, line: 3, traceback: `\t${path}:3: in function <line 2>`,
				message: `${path}:3: Expected objects to be equal.\nPassed in:\n(number) 2\nExpected:\n(number) 1`,
			}],
		}]);
	});

	it("tells of files that cannot be run, and runs the others", () => {
		const results = runSpecs([
			join(fixtures, "syntax_error.lua"), "absent_spec.lua", join(fixtures, "top_level_error.lua"),
			write("good_spec.lua", "it('runs', function () end);"),
		]);
		const ends = results.map(({ kind, status, spec, problems: [problem] }) => {
			return { kind, status, spec, file: problem?.file, line: problem?.line };
		});
		const [syntax, top] = ["syntax_error.lua", "top_level_error.lua"].map((name) => join(fixtures, name));
		expect(ends).toEqual([
			{ kind: "file", status: "error", spec: syntax, file: syntax, line: 3 },
			{ kind: "file", status: "error", spec: "absent_spec.lua" },
			{ kind: "file", status: "error", spec: top, file: top, line: 3 },
			{ kind: "it", status: "success", spec: "good_spec.lua" },
		]);
		expect(results[1]!.problems[0]!.message).toContain("absent_spec.lua");
	});

	it("finds our libraries first, by both names, and no server", () => {
		write("util/jid.lua", "return 'not ours';");
		expect(statuses(`it("x", function ()
			assert.is_table(require "util.jid");
			assert.equal(require "util.jid", require "prosody.util.jid");
			assert.equal("juliet", (require "util.jid".split("juliet@localhost")));
			assert.is_nil(rawget(_G, "prosody"));
		end);`)).toEqual(["success"]);
	});

	it("finds other libraries where busted does", () => {
		write("src/one.lua", "return 1;");
		write("src/two/init.lua", "return 2;");
		write("three.lua", "return 3;");
		write("spec/four.lua", "return 4;");
		write("other/five.lua", "return 5;");
		const spec = `it("x", function ()
			assert.same({ 1, 2, 3, 4 }, { require "one", require "two", require "three", require "spec.four" });
		end);`;
		expect(statuses(spec)).toEqual(["success"]);
		expect(statuses(spec, { isolated: true })).toEqual(["error"]);
		const five = `it("x", function ()
			assert.equal(5, require "five");
			assert.has_error(function () require "one"; end);
		end);`;
		expect(statuses(five, { lpath: "./other/?.lua" })).toEqual(["success"]);
	});

	it("runs a helper first", () => {
		write("helper.lua", `
			require "say":set("assertion.odd.positive", "Expected %s to be odd");
			local function is_odd(_, args) return args[1] % 2 == 1; end
			require "luassert":register("assertion", "odd", is_odd, "assertion.odd.positive");
		`);
		const spec = "it('x', function () assert.is_odd(1); end);";
		expect(statuses(spec, { helper: "helper.lua" })).toEqual(["success"]);
		expect(statuses(spec, { helper: "helper" })).toEqual(["success"]);
		expect(statuses(spec)).toEqual(["error"]);
		expect(() => statuses(spec, { helper: "absent" })).toThrow("absent");
	});

	it("insulates files unless it is not to", () => {
		const files = [
			write("first_spec.lua", "_G.left = 1; it('x', function () end);"),
			write("second_spec.lua", "it('x', function () assert.is_nil(left); end);"),
		];
		const last = (autoInsulate?: boolean): string => runSpecs(files, { autoInsulate })[1]!.status;
		expect([last(), last(false)]).toEqual(["success", "failure"]);
	});

	it("has a clock that goes on, and moves on", () => {
		expect(statuses(`it("x", function ()
			local clock, timer, time = require "bridge.machine".clock, require "util.timer", require "util.time";
			local start, fired = time.now(), false;
			assert.is_near(os.time(), start, 2);
			timer.add_task(60, function () fired = true; end);
			assert.is_false(fired);
			clock.advance(60);
			assert.is_true(fired);
			assert.is_near(start + 60, time.now(), 2);
			require "busted".sleep(60);
			assert.is_near(start + 120, time.now(), 2);
		end);`)).toEqual(["success"]);
	});

	it("goes on where a spec would end the process", () => {
		const results = runSpecs([write("exit_spec.lua", "it('x', function () os.exit(0); end); it('y', function () end);")]);
		expect(results.map(({ status }) => status)).toEqual(["error", "success"]);
		expect(results[0]!.problems[0]!.message).toBe("exit_spec.lua:1: os.exit would end the run");
	});

	it("catches what is raised below Lua", () => {
		const [{ status, problems }] = runSpecs([write("native_spec.lua", `it("x", function ()
			require "bridge.machine".clock.advance(-1);
		end);`)]) as [ReturnType<typeof runSpecs>[number]];
		expect({ status, message: problems[0]!.message, line: problems[0]!.line }).toEqual({
			status: "error", line: 2,
			message: "native_spec.lua:2: Error: The clock moves on by a number of seconds, not by -1",
		});
	});
});

function statuses(text: string, options?: Parameters<typeof runSpecs>[1]): string[] {
	return runSpecs([write("one_spec.lua", text)], options).map(({ status }) => status);
}

describe("specFiles", () => {
	it("finds specs in folders, in order", () => {
		for (const name of ["b_spec.lua", "a_spec.lua", "deep/c_spec.lua", "other.lua", "a_spec.txt", ".hidden/d_spec.lua"]) {
			write(`found/${name}`, "");
		}
		expect(specFiles(["found"])).toEqual(["found/a_spec.lua", "found/b_spec.lua", "found/deep/c_spec.lua"]);
		expect(specFiles(["found"], { recursive: false })).toEqual(["found/a_spec.lua", "found/b_spec.lua"]);
		expect(specFiles(["found"], { patterns: ["^%l%a+%.lua$"] })).toEqual(["found/other.lua"]);
		expect(specFiles(["found"], { excludedPatterns: ["^a", "^c"] })).toEqual(["found/b_spec.lua"]);
		expect(specFiles(["found/other.lua", "found/deep"])).toEqual(["found/other.lua", "found/deep/c_spec.lua"]);
		expect(() => specFiles(["absent"])).toThrow("absent");
	});
});

describe("readConfiguration", () => {
	it("reads the settings of all runs and of the default", () => {
		write(".busted", `return {
			_all = { lpath = "./lib/?.lua", tags = "one" };
			default = { tags = { "two,three", "four" }, ["exclude-tags"] = "SLOW,BIG", ROOT = { "tests" }, pattern = "_test" };
			other = { lpath = "unused" };
		};`);
		expect(readConfiguration(".busted")).toEqual({
			lpath: "./lib/?.lua", tags: ["two", "three", "four"], excludeTags: ["SLOW", "BIG"], paths: ["tests"],
			patterns: ["_test"],
		});
		expect(readConfiguration("absent/.busted")).toEqual({});
	});

	it("says what is wrong", () => {
		const reading = (text: string) => () => readConfiguration(write(".busted", text));
		expect(reading("return 1;")).toThrow(".busted: expected it to return a table");
		expect(reading("return {")).toThrow(/^\.busted: .*\.busted:1: /);
		expect(reading("error('no');")).toThrow(/^\.busted: .*no/);
		expect(reading("os.exit(0);")).toThrow(".busted:1: os.exit would end the run");
		expect(reading("return { default = { lpath = true } };")).toThrow(".busted: lpath: expected a string, got a boolean");
		expect(reading("return { default = { tags = { 1 } } };")).toThrow(".busted: tags: expected strings");
		expect(reading("return { _all = {}, default = {} };")()).toEqual({});
	});
});

describe("in vitest", () => {
	it("a spec is a module that runs it", () => {
		const { load } = luaSpecs() as { load(id: string): string | undefined };
		expect(load("/x/y_spec.lua")).toContain("registerSpec(\"/x/y_spec.lua\")");
		expect(load("/x/y.lua")).toBeUndefined();
	});

	it("an error points at the spec", () => {
		const { problems } = runSpecs([write("stack_spec.lua", "it('x', function ()\n\tassert.is_true(false);\nend);")])[0]!;
		const error = errorOf(problems);
		expect(error.name).toBe("AssertionError");
		expect(error.stack).toMatch(/Expected objects.*\n {4}at function <line 1> \(\/.*\/stack_spec\.lua:2:1\)$/s);
	});

	it("an error of a file points at it", () => {
		const { problems } = runSpecs([join(fixtures, "syntax_error.lua")])[0]!;
		expect(errorOf(problems).stack).toMatch(/\n {4}at \/.*\/fixtures\/syntax_error\.lua:3:1$/);
	});

	it("a second problem is the cause of the first", () => {
		const finding = "it('x', function () finally(function () error('second'); end); assert(false, 'first'); end);";
		const error = errorOf(runSpecs([write("two_spec.lua", finding)])[0]!.problems);
		expect(error.message).toContain("first");
		expect((error.cause as Error).message).toContain("second");
	});

	it("tests are in their blocks", () => {
		const results = runSpecs([write("tree_spec.lua", `
			describe("a", function ()
				it("1", function () end);
				describe("b", function () it("2", function () end); end);
				it("3", function () end);
			end);
			it("4", function () end);
		`)]);
		const [one, two, three, four] = results;
		expect(specTree(results)).toEqual({
			name: "", children: [{ name: "a", children: [one, { name: "b", children: [two] }, three] }, four],
		});
	});
});
