import { describe, expect, it } from "vitest";
import { map as mapShape } from "../../bridge/fengari/signatures";
import { createLua } from "./lua";

type Fields = Record<string, unknown>;

describe("a Lua table in JavaScript", () => {
	it("is the same object each time, and the same table when it comes back", () => {
		const { run } = createLua();
		const table = run<Fields>("t = { inner = {} }; return t");
		expect(run("return t")).toBe(table);
		expect(table["inner"]).toBe(run("return t.inner"));
		expect(run("return ... == t", table)).toBe(true);
	});

	it("shows at once what either side sets", () => {
		const { run } = createLua();
		const table = run<Fields>("t = { a = 1 }; return t");
		run("t.b = 2");
		expect(table["b"]).toBe(2);
		table["c"] = { deep: true };
		expect(run("return t.c.deep")).toBe(true);
		delete table["a"];
		expect(run("return t.a == nil")).toBe(true);
		table["b"] = undefined;
		expect(run("return next(t) == 'c' and next(t, 'c') == nil")).toBe(true);
	});

	it("is walked through and asked for names as an object is", () => {
		const { run } = createLua();
		const table = run<Fields>("return { a = 1, b = false }");
		const seen: string[] = [];
		for (const name in table) seen.push(name);
		expect(seen.sort()).toEqual(["a", "b"]);
		expect(Object.keys(table).sort()).toEqual(["a", "b"]);
		expect(Object.entries(table).sort()).toEqual([["a", 1], ["b", false]]);
		expect({ ...table }).toEqual({ a: 1, b: false });
		expect("a" in table).toBe(true);
		expect("c" in table).toBe(false);
		expect(Object.hasOwn(table, "b")).toBe(true);
	});

	it("has no names but those in it", () => {
		const { run } = createLua();
		const sessions = run<Fields>("return { sessions = { romeo = 1 } }")["sessions"] as Fields;
		for (const name of ["__proto__", "constructor", "length", "5", "0", "toString", "hasOwnProperty", "map"]) {
			expect(sessions[name]).toBeUndefined();
			expect(name in sessions).toBe(false);
			sessions[name] = { name };
			expect(sessions[name]).toEqual({ name });
			expect(run("return (...)[select(2, ...)].name", sessions, name)).toBe(name);
			expect(Object.keys(sessions).sort()).toEqual([name, "romeo"].sort());
			delete sessions[name];
			expect(name in sessions).toBe(false);
		}
		expect(Object.getPrototypeOf(sessions)).toBe(null);
	});

	it("keeps its names when it is a map that is empty", () => {
		const { crossing, run } = createLua();
		const map = crossing.tables.tell(run<Fields>("return {}"), mapShape);
		expect(map["length"]).toBeUndefined();
		expect(Object.keys(map)).toEqual([]);
		map["length"] = "a user";
		map["0"] = "another";
		expect(run("return (...).length .. (...)['0']", map)).toBe("a useranother");
	});

	it("has a prototype of its own", () => {
		const { run } = createLua();
		const table = run<object>("return { a = 1 }");
		expect(Reflect.setPrototypeOf(table, { b: 2 })).toBe(false);
		expect(Object.getPrototypeOf(run("return { c = 3 }"))).toBe(null);
	});

	it("honours its metatable", () => {
		const { run } = createLua();
		const table = run<Fields>(`
			local class = { inherited = "yes" }; class.__index = class
			log = {}
			return setmetatable({ own = 1 }, {
				__index = function (_, key) if key == "bad" then error("no such thing", 0); end return class[key]; end;
				__newindex = function (self, key, value) rawset(self, "set_"..key, value); end;
				__pairs = function () return next, { virtual = 1, own = 1 }; end;
				__tostring = function () return "described"; end;
			})`);
		expect(table["inherited"]).toBe("yes");
		expect(table["own"]).toBe(1);
		table["x"] = 5;
		expect(table["set_x"]).toBe(5);
		expect(() => table["bad"]).toThrow("no such thing");
		expect(Object.keys(table)).toContain("own");
		expect(String(table)).toBe("described");
		expect(`${table as unknown as string}`).toBe("described");
		expect((table as object).toString()).toBe("described");
	});

	it("finds what its classes have along a chain of tables", () => {
		const { run } = createLua();
		const table = run<Fields>(`
			local base = setmetatable({ a = 1 }, { __index = function (_, key) return key == "b" and 2 or nil; end })
			return setmetatable({}, { __index = setmetatable({}, { __index = base }) })`);
		expect(table["a"]).toBe(1);
		expect(table["b"]).toBe(2);
		expect(table["c"]).toBeUndefined();
	});
});

describe("a Lua list in JavaScript", () => {
	it("reads as an array from 0", () => {
		const { run } = createLua();
		const list = run<string[]>("list = { 'a', 'b', 'c' }; return list");
		expect(Array.isArray(list)).toBe(true);
		expect(list.length).toBe(3);
		expect(list[0]).toBe("a");
		expect(list[3]).toBeUndefined();
		expect([...list]).toEqual(["a", "b", "c"]);
		expect(list.map((item) => item + item)).toEqual(["aa", "bb", "cc"]);
		expect(list.indexOf("c")).toBe(2);
		expect(Object.keys(list)).toEqual(["0", "1", "2"]);
		expect(JSON.stringify(list)).toBe('["a","b","c"]');
		expect(list).toEqual(["a", "b", "c"]);
		run("list[#list + 1] = 'd'");
		expect(list.at(-1)).toBe("d");
		list[1] = "B";
		expect(run("return table.concat(list)")).toBe("aBcd");
		expect(["z"].concat(list)).toEqual(["z", "a", "B", "c", "d"]);
	});

	it("has no methods that would change it", () => {
		const { run } = createLua();
		const list = run<string[]>("return { 'a' }");
		expect(() => list.push("b")).toThrow(TypeError);
		expect(() => { list.length = 0; }).toThrow(TypeError);
	});

	it("is one when empty, as long as nobody says otherwise", () => {
		const { run } = createLua();
		const list = run<unknown[]>("list = {}; return list");
		expect(list.length).toBe(0);
		expect([...list]).toEqual([]);
		run("list[1] = 'a'");
		expect([...list]).toEqual(["a"]);
	});

	it("with names beside its elements is no array", () => {
		const { run } = createLua();
		const element = run<Fields>("return { name = 'x', attr = {}, 'text', { name = 'y' } }");
		expect(element["length"]).toBeUndefined();
		expect(element["0"]).toBe("text");
		expect((element[1] as Fields)["name"]).toBe("y");
		expect(Object.keys(element).sort()).toEqual(["0", "1", "attr", "name"]);
		expect(Symbol.iterator in element).toBe(false);
	});
});
