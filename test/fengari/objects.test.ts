import { describe, expect, it } from "vitest";
import { createLua } from "./lua";

type Fields = Record<string, unknown>;

describe("a JavaScript object in Lua", () => {
	it("is the same table each time, and the same object when it comes back", () => {
		const { run } = createLua();
		const object = { inner: {} };
		expect(run("o = ...; return o", object)).toBe(object);
		expect(run("return o == ... and o.inner == (...).inner", object)).toBe(true);
		expect(run("return o.inner")).toBe(object.inner);
		expect(run("return type(o)")).toBe("table");
	});

	it("shows at once what either side sets", () => {
		const { run } = createLua();
		const object: Fields = { a: 1 };
		run("o = ...; o.b = { 1, 2 }; o.a = nil", object);
		expect(object["b"]).toEqual([1, 2]);
		expect("a" in object).toBe(false);
		object["c"] = "new";
		expect(run("return o.c")).toBe("new");
		expect(run("o.b[3] = 3; return #o.b")).toBe(3);
		expect(object["b"]).toEqual([1, 2, 3]);
	});

	it("is walked through by pairs and next", () => {
		const { run } = createLua();
		const walk = `
			local seen = {}
			for key, value in pairs(...) do seen[#seen + 1] = key.."="..tostring(value); end
			return table.concat(seen, ",")`;
		expect(run(walk, { b: 1, a: "x", none: undefined, nothing: null })).toBe("b=1,a=x");
		expect(run("local o = ...; return next(o) == 'b' and next(o, 'b') == 'a' and next(o, 'a') == nil", { b: 1, a: 2 }))
			.toBe(true);
		expect(run("return next(...) == nil", {})).toBe(true);
		expect(run("local o = ...; for k in pairs(o) do o[k] = nil; end; return next(o) == nil", { a: 1, b: 2, c: 3 }))
			.toBe(true);
		expect(() => run("return next(..., 'zz')", { a: 1 })).toThrow("invalid key to 'next': zz");
	});

	it("keeps keys that JavaScript has no names for, for Lua alone", () => {
		const { run } = createLua();
		const roster: Fields = { "romeo@localhost": { subscription: "both" } };
		expect(run(`
			local roster = ...; roster[false] = { version = 1 }
			local seen = {}
			for key in pairs(roster) do seen[#seen + 1] = tostring(key); end
			return roster[false].version .. table.concat(seen, ",")`, roster)).toBe("1romeo@localhost,false");
		expect(Object.keys(roster)).toEqual(["romeo@localhost"]);
	});

	it("is a list from 1 if it is an array", () => {
		const { run } = createLua();
		const array = ["a", "b", "c"];
		expect(run("list = ...; return #list .. list[1] .. list[3] .. tostring(list[4]) .. tostring(list[0])", array))
			.toBe("3acnilnil");
		expect(run("local all = ''; for i, item in ipairs(list) do all = all..i..item; end; return all")).toBe("1a2b3c");
		expect(run("local all = ''; for i, item in pairs(list) do all = all..i..item; end; return all")).toBe("1a2b3c");
		expect(run("return table.concat(list, '-') .. select('#', table.unpack(list))")).toBe("a-b-c3");
		expect(run("return list.length == nil and list.map == nil")).toBe(true);
		run("table.insert(list, 'd'); table.remove(list, 1); list[#list] = nil");
		expect(array).toEqual(["b", "c"]);
		expect(run("table.sort(list, function (a, b) return a > b end); return list[1]")).toBe("c");
		expect(run("return #... .. tostring(next(...))", [])).toBe("0nil");
		expect(() => run("list[0] = 1")).toThrow("no position 0");
	});

	it("has no names but its own", () => {
		const { run } = createLua();
		for (const name of ["__proto__", "constructor", "length", "5", "toString", "hasOwnProperty"]) {
			const object: Fields = {};
			expect(run("o, name = ...; return o[name] == nil", object, name)).toBe(true);
			run("o[name] = 'set'");
			expect(Object.entries(object)).toEqual([[name, "set"]]);
			expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
			expect(run("return o[name] .. next(o)")).toBe(`set${name}`);
			run("o[name] = nil");
			expect(Object.keys(object)).toEqual([]);
			const bare = Object.assign(Object.create(null) as Fields, { [name]: "bare" });
			expect(run("return (...)[name]", bare)).toBe("bare");
		}
	});

	it("has the methods of its class, called either way, and getters", () => {
		const { run } = createLua();
		class Counter {
			#count = 0;
			add(by: number): number {
				return this.#count += by;
			}
			get twice(): number {
				return this.#count * 2;
			}
		}
		expect(run("c = ...; c:add(2); c.add(3); return c.twice", new Counter())).toBe(10);
		expect(run("return c.constructor == nil and c.add == c.add and next(c) == nil")).toBe(true);
		expect(run("local m = ...; m:set('k', 'v'); return m:get('k')", new Map())).toBe("v");
	});

	it("is another than what it inherits from, copies or stands before", () => {
		const { run } = createLua();
		const object = { name: "own" };
		const others = [
			Object.create(object) as Fields,
			Object.create(Object.prototype, Object.getOwnPropertyDescriptors(object)) as Fields,
			new Proxy(object, { get: () => "another" }),
			new Proxy({}, { get: () => undefined }),
		];
		expect(run("return ...", object)).toBe(object);
		others.push(Object.create(null, Object.getOwnPropertyDescriptors(object)) as Fields);
		for (const other of others) {
			expect(run("return ...", other)).toBe(other);
			expect(run("local one, other = ...; return one == other", object, other)).toBe(false);
			expect(run("local one, other = ...; return one == other", other, other)).toBe(true);
		}
	});

	it("is the same table each time in each of several states, even if nothing can be added to it", () => {
		const states = [createLua(), createLua()];
		for (const object of [{}, Object.freeze({})]) {
			for (const { run } of states) {
				expect(run("local object = ...; before, object[true] = object, 'kept'; return object", object)).toBe(object);
			}
			for (const { run } of states) {
				expect(run("return before == ... and (...)[true] == 'kept'", object)).toBe(true);
			}
		}
	});

	it("says clearly what cannot be set", () => {
		const { run } = createLua();
		expect(() => run("(...).a = 1", Object.freeze({}))).toThrow("cannot set the field 'a'");
		expect(() => run("setmetatable(..., {})", {})).toThrow("cannot change a protected metatable");
		const stubborn = { set a(_value: unknown) { throw new Error("own words"); } };
		expect(() => run("(...).a = 1", stubborn)).toThrow("own words");
	});

	it("is stepped through in a for loop if it is iterable", () => {
		const { run } = createLua();
		const sum = "local sum = 0; for item in ... do sum = sum + item; end; return sum";
		expect(run(sum, new Set([1, 2, 3]))).toBe(6);
		expect(run(sum, (function* () { yield 4; yield 5; })())).toBe(9);
	});

	it("is not kept alive by having crossed, nor is a table", async () => {
		const { run } = createLua();
		const { setFlagsFromString } = await import("node:v8");
		const { runInNewContext } = await import("node:vm");
		setFlagsFromString("--expose-gc");
		const collect = runInNewContext("gc") as () => void;
		const gone: WeakRef<object>[] = [];
		for (let i = 0; i < 100; i++) {
			const object = { payload: new Array(10).fill(i), hook: () => object };
			run("local o = ...; o.table = { back = o, f = function () return o end }", object);
			const table = run<Fields>("return { f = function () end, inner = {} }");
			table["object"] = { table };
			table["f"] = (table["f"] as () => void);
			gone.push(new WeakRef(object), new WeakRef(table), new WeakRef(table["f"] as object));
		}
		for (let i = 0; i < 5; i++) {
			await new Promise((resolve) => setTimeout(resolve, 5));
			collect();
		}
		expect(gone.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(10);
	});
});
