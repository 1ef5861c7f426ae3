import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder, build } from "./prosody-push";

let folder: Folder;

beforeAll(() => {
	build();
	folder = new Folder({
		"good_spec.lua": "describe('jids', function ()\n\tlocal jid = require 'util.jid';\n"
			+ "\tit('split #fast', function () assert.equal('a', (jid.split('a@b'))); end);\n\tpending('join');\nend);\n",
		"bad_spec.lua": "it('fails #slow', function ()\n\tassert.equal(1, 2);\nend);\n"
			+ "it('raises', function ()\n\terror('boom');\nend);\n",
		"broken_spec.lua": "local = 1;\n",
		"empty/readme.txt": "",
	});
});

afterAll(() => folder.remove());

describe("prosody-push spec", () => {
	it("says what is pending, and how many passed", () => {
		const { status, stdout, stderr } = folder.run("spec", "good_spec.lua");
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(stdout.replace(/\([\d.]+ s\)/, "")).toBe("pending good_spec.lua:4: jids join\n\n"
			+ "1 success, 0 failures, 0 errors, 1 pending \n");
	});

	it("shows failures and errors, and where they are", () => {
		const { status, stdout } = folder.run("spec", "bad_spec.lua");
		expect(status).toBe(1);
		expect(stdout.replace(/\([\d.]+ s\)/, "")).toBe(`failure bad_spec.lua:1: fails #slow
  bad_spec.lua:2: Expected objects to be equal.
  Passed in:
  (number) 2
  Expected:
  (number) 1
  stack traceback:
    bad_spec.lua:2: in function <line 1>

error bad_spec.lua:4: raises
  bad_spec.lua:5: boom
  stack traceback:
    bad_spec.lua:5: in function <line 4>

0 successes, 1 failure, 1 error, 0 pending \n`);
	});

	it("shows files that are no Lua", () => {
		const { status, stdout } = folder.run("spec", "broken_spec.lua");
		expect(status).toBe(1);
		expect(stdout).toMatch(/^error broken_spec\.lua\n {2}broken_spec\.lua:1: .*'='\n/);
	});

	it("runs folders, and what the tags say", () => {
		const { status, stdout } = folder.run("spec", ".", "--tags", "#fast,none");
		expect(status).toBe(1);
		expect(stdout).toContain("1 success, 0 failures, 1 error, 0 pending");
		expect(folder.run("spec", "bad_spec.lua", "--exclude-tags", "slow").stdout).toContain("0 failures, 1 error");
	});

	it("prints JSON", () => {
		const { status, stdout } = folder.run("spec", "good_spec.lua", "bad_spec.lua", "--json");
		expect(status).toBe(1);
		const results = JSON.parse(stdout) as { names: string[]; status: string }[];
		expect(results.map(({ names, status }) => [...names, status])).toEqual([
			["jids", "split #fast", "success"], ["jids", "join", "pending"], ["fails #slow", "failure"], ["raises", "error"],
		]);
	});

	it("keeps what specs print out of the JSON", () => {
		const other = new Folder({ "a_spec.lua": "print('one', 2); io.write('three\\n'); it('prints', function () print(nil); end);\n" });
		try {
			const { stdout, stderr } = other.run("spec", "a_spec.lua", "--json");
			expect(JSON.parse(stdout)).toHaveLength(1);
			expect(stderr).toBe("one\t2\nthree\nnil\n");
		} finally {
			other.remove();
		}
	});

	it("is configured by .busted", () => {
		const other = new Folder({
			".busted": "return { default = { ROOT = { 'tests' }, pattern = '_test', lpath = './lib/?.lua', "
				+ "['exclude-tags'] = 'SLOW' } };",
			"tests/a_test.lua": "it('finds', function () assert.equal(1, require 'one'); end);\n"
				+ "it('is left out #SLOW', error);\n",
			"lib/one.lua": "return 1;",
			"two/one.lua": "return 2;",
		});
		try {
			expect(other.run("spec").stdout).toMatch(/^1 success, 0 failures, 0 errors, 0 pending/);
			expect(other.run("spec", "--exclude-tags", "none").stdout).toContain("1 error");
			expect(other.run("spec", "--lpath", "./two/?.lua").stdout).toContain("1 failure");
			expect(other.run("spec", "--tags", "SLOW").stderr)
				.toBe("prosody-push: the tag SLOW cannot be both asked for and excluded\n");
			other.write(".busted", "return 1;");
			expect(other.run("spec")).toEqual({
				status: 2, stdout: "", stderr: "prosody-push: .busted: expected it to return a table\n",
			});
			other.write(".busted", "return { default = { ROOT = { 'tests' }, pattern = '_test', helper = 'absent' } };");
			const { status, stderr } = other.run("spec");
			expect({ status, line: stderr.split("\n")[0] }).toEqual({
				status: 2, line: expect.stringContaining("prosody-push: the helper absent failed: "),
			});
		} finally {
			other.remove();
		}
	});

	it("expects files that can be read", () => {
		const error = (...args: string[]): unknown => folder.run("spec", ...args);
		const wrong = (message: string): object => ({ status: 2, stdout: "", stderr: `prosody-push: ${message}\n` });
		expect(error("absent.lua")).toEqual(wrong("cannot read absent.lua: no such file or folder"));
		expect(error()).toEqual(wrong("cannot read spec: no such file or folder"));
		expect(error("empty")).toEqual(wrong("empty holds no spec: expected .lua files with _spec in their names"));
		expect(error("good_spec.lua", "--frob")).toEqual(wrong("unknown option '--frob'; see prosody-push --help"));
	});
});
