import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lauxlib, lua, to_luastring } from "fengari";
import type { LuaClosure } from "fengari/src/lfunc.js";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { slotAt } from "../../bridge/fengari/held-value";
import { runFile } from "../../bridge/fengari/state";
import { createLua } from "./lua";

const folder = mkdtempSync(join(tmpdir(), "compiled-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a file of Lua in several states", () => {
	let number = 0;
	let path: string;
	beforeEach(() => {
		path = join(folder, `file${number++}.lua`);
	});

	function load<T>(text: string): T {
		writeFileSync(path, text);
		return runFile(createLua().crossing, path) as T;
	}

	it("shares nothing that changes", () => {
		const counter = `
			local count = 0
			return { up = function () count = count + 1; shared = count; return count; end, get = function () return shared end }`;
		const [one, other] = [load<Record<string, () => number>>(counter), load<Record<string, () => number>>(counter)];
		expect([one["up"]!(), one["up"]!(), other["up"]!()]).toEqual([1, 2, 1]);
		expect([one["get"]!(), other["get"]!()]).toEqual([2, 1]);
	});

	/** The main function of the file, loaded into a new state. */
	function closureOf(text: string): LuaClosure {
		writeFileSync(path, text);
		const { L } = createLua().crossing;
		expect(lauxlib.luaL_loadfile(L, to_luastring(path))).toBe(lua.LUA_OK);
		return slotAt(L, -1)!.value as LuaClosure;
	}

	/** The instructions of the file, which a state that has not compiled it itself shares with another. */
	function codeOf(text: string): unknown {
		return closureOf(text).p.code;
	}

	it("has functions of each state's own, even such as know nothing of it", () => {
		const text = "return function () end";
		expect(load(text)).toBeTypeOf("function");
		// Fengari would use it again.
		expect(closureOf(text).p.p[0]!.cache).toBe(null);
	});

	it("is compiled once", () => {
		const code = codeOf("return 1");
		expect(codeOf("return 1")).toBe(code);
		expect(codeOf("return 2")).not.toBe(code);
	});

	it("is forgotten after a thousand others", () => {
		const code = codeOf("return 1");
		createLua().run("for number = 1, 1000 do load('return', '@made up '..number) end");
		expect(codeOf("return 1")).not.toBe(code);
	});

	it("is known by its lines and names, each time", () => {
		const text = `local named = 1
			local function fail() local inner = named; error("on line 2"); end
			return { fail = fail, info = function ()
				local info = debug.getinfo(fail, "SLu")
				return info.short_src..":"..info.linedefined..":"..info.nups..debug.getupvalue(fail, 1)
			end }`;
		for (let state = 0; state < 2; state++) {
			const { fail, info } = load<Record<"fail" | "info", () => unknown>>(text);
			expect(fail).toThrow(/file\d+\.lua:2: on line 2/);
			expect(info()).toMatch(/file\d+\.lua:2:2named$/);
		}
	});

	it("is compiled anew when its text has changed, and when it changes back", () => {
		expect([load("return 1"), load("return 2"), load("return 1")]).toEqual([1, 2, 1]);
	});

	it("says each time what is wrong with it", () => {
		for (let state = 0; state < 2; state++) expect(() => load("local a =\nlocal b")).toThrow(/lua:2: .*near 'local'/);
		expect(load("return 'mended'")).toBe("mended");
	});

	it("may be empty, or longer than what is read at a time", () => {
		for (let state = 0; state < 2; state++) {
			expect(load("")).toBe(undefined);
			expect(load(`${"-- A comment of some length.\n".repeat(5000)}return "end"`)).toBe("end");
		}
	});

	it("is known from others of its name that come piece by piece, and has the environment that it is given", () => {
		const chunk = `
			local pieces, at = { "return ", "value" }, 0
			local from_reader = load(function () at = at + 1; return pieces[at] end, "@name", "t", { value = "reader" })
			local from_text = load("return value", "@name", "t", { value = "text" })
			local again = load("return value", "@name", "t", { value = "again" })
			return from_reader().." "..from_text().." "..again()`;
		for (let state = 0; state < 2; state++) expect(createLua().run(chunk)).toBe("reader text again");
	});
});
