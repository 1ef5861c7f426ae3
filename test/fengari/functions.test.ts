import { describe, expect, it, vi } from "vitest";
import { library, recognised, told } from "../../bridge/fengari/signatures";
import { multi, MultiReturn } from "../../bridge/node/multi";
import { createLua } from "./lua";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Methods = Record<string, AnyFunction>;

describe("functions", () => {
	it("keep their identity, so that what was hooked can be unhooked", () => {
		const { run } = createLua();
		const handler = vi.fn();
		run("handlers = {}; hook = function (f) handlers[f] = true; end", handler);
		run<AnyFunction>("return hook")(handler);
		expect(run("return handlers[...]", handler)).toBe(true);
		expect(run("return (next(handlers))")).toBe(handler);
		const lua = run<AnyFunction>("function f() end; return f");
		expect(run("return f")).toBe(lua);
		expect(run("return f == ...", lua)).toBe(true);
		const builtin = run<AnyFunction>("return print");
		expect(run("return print == ...", builtin)).toBe(true);
		expect(run("return (...).f == (...).f", { f: handler })).toBe(true);
	});

	it("take and return any number of values", () => {
		const { run } = createLua();
		const last = run<AnyFunction>("return function (...) return (select(select('#', ...), ...)) end");
		expect(last(1, 2, 3)).toBe(3);
		expect(last(1, undefined)).toBeUndefined();
		expect(last(...Array.from({ length: 200 }, (_, i) => i))).toBe(199);
		const spread = (...args: unknown[]): unknown => multi(...args, args.length);
		expect(run("return select('#', (...)(1, nil, nil))", spread)).toBe(4);
		expect(run("local f = ...; local a, b, c = f('x'); return a .. b .. tostring(c)", spread)).toBe("x1nil");
		expect(run("return select('#', (...)())", () => multi(...new Array<number>(100).fill(1)))).toBe(100);
		expect(run("return select('#', (...)())", () => [1, 2])).toBe(1);
		expect(run("return select('#', (...)())", () => undefined)).toBe(1);
	});

	it("of a library take no self, those of an object do", () => {
		const { crossing, run } = createLua();
		const count = "function (...) return select('#', ...) end";
		const object = run<Methods>(`return { close = ${count}, send = ${count}, log = ${count} }`);
		expect(object["close"]!(1)).toBe(2);
		expect(object["send"]!(1)).toBe(1);
		expect(object["log"]!("info", "text")).toBe(2);
		const lib = crossing.tables.tell(run<Methods>(`return { close = ${count} }`), library());
		expect(lib["close"]!(1)).toBe(1);
		const module = crossing.tables.tell(run<Methods>(`return { log = ${count}, unload = ${count} }`), told.ModuleApi);
		expect(module["log"]!("info", "text")).toBe(3);
		expect(module["unload"]!()).toBe(0);
		const { close } = object;
		expect(close!(1)).toBe(1);
		expect(close!.call(object, 1)).toBe(2);
	});

	it("of JavaScript's objects are called with a colon or a dot", () => {
		const { crossing, run } = createLua();
		const methods = {
			name: "object",
			close(this: { name: string } | undefined, reason?: string) {
				return `${this?.name} ${reason}`;
			},
			send: (first: unknown) => first,
		};
		expect(run("o = ...; return o:close('bye')", methods)).toBe("object bye");
		expect(run("return o.close('bye')")).toBe("undefined bye");
		expect(run("return o.send(o) == o")).toBe(true);
		const table = run<typeof methods>("t = { name = 'table' }; return t");
		table.close = methods.close;
		table.send = methods.send;
		expect(run("return t:close('bye')")).toBe("table bye");
		expect(run("return setmetatable({ name = 'heir' }, { __index = t }):close('bye')")).toBe("heir bye");
		expect(run("return t.send(t) == t")).toBe(true);
		expect(table.close).toBe(methods.close);
		expect(crossing.tables.find(table)).toBeDefined();
	});
});

describe("two Lua states", () => {
	it("know nothing of each other", () => {
		const one = createLua();
		const other = createLua();
		const shared = vi.fn(() => "shared");
		expect(one.run("f = ...; return f()", shared)).toBe("shared");
		expect(other.run("f = ...; return f()", shared)).toBe("shared");
		expect(one.run("return f")).toBe(shared);
		expect(other.run("return f == ...", shared)).toBe(true);
		const builtin = one.run<AnyFunction>("return tostring");
		expect(other.run("return tostring")).not.toBe(builtin);
		expect(builtin(5)).toBe("5");
		expect(other.run("return (...)(5)", builtin)).toBe("5");
		const table = one.run<Record<string, unknown>>("t = { a = { 1 } }; return t");
		expect(other.run("(...).b = 2; return (...).a[1]", table)).toBe(1);
		expect(one.run("return t.b")).toBe(2);
		expect(other.run("return ...", table)).toBe(table);
	});

	it("take frozen functions too", () => {
		const { run } = createLua();
		const frozen = Object.freeze(() => "cold");
		expect(run("f = ...; return f()", frozen)).toBe("cold");
		expect(run("return f")).toBe(frozen);
		expect(run("return f == ...", frozen)).toBe(true);
	});
});

describe("several results", () => {
	it("arrive as an array where the API says so", () => {
		const { crossing, run } = createLua();
		const lib = crossing.tables.tell(
			run<Methods>("return { split = function (...) return ... end, one = function () return 1, 2 end }"),
			library({ split: { self: false, results: "several" } }),
		);
		const results = lib["split"]!("node", undefined, "resource");
		expect(results).toBeInstanceOf(MultiReturn);
		expect(results).toEqual(["node", undefined, "resource"]);
		expect(lib["split"]!(5)).toEqual([5]);
		expect(lib["split"]!()).toEqual([]);
		expect(lib["one"]!()).toBe(1);
		expect(run("return select('#', (...)('a', 'b'))", (...args: unknown[]) => lib["split"]!(...args))).toBe(2);
	});
});

describe("iterators", () => {
	it("are iterables in JavaScript", () => {
		const { crossing, run } = createLua();
		const element = run<Record<"children" | "childtags", () => Iterable<unknown>>>(`
			local list = { "a", "b", "c" }
			return {
				children = function (self) local i = 0; return function () i = i + 1; return list[i]; end; end;
				childtags = function (self, name) return function (state, i) if i < 3 then return i + 1, "x"; end; end, nil, 0; end;
			}`);
		expect([...element.children()]).toEqual(["a", "b", "c"]);
		expect([...element.childtags()]).toEqual([1, 2, 3]);
		for (const first of element.children()) {
			expect(first).toBe("a");
			break;
		}
		const set = crossing.tables.tell(
			run<{ items: () => Iterable<unknown> }>("return { items = function () return next, { x = true, y = true } end }"),
			told.ProsodySet,
		);
		expect([...set.items()]).toEqual(["x", "y"]);
		const cache = crossing.tables.tell(
			run<{ items: () => Iterable<unknown> }>("return { items = function () return next, { x = 1, y = 2 } end }"),
			told.Cache,
		);
		expect([...cache.items()]).toEqual([["x", 1], ["y", 2]]);
	});

	it("that fail throw", () => {
		const { run } = createLua();
		const element = run<{ children: () => Iterable<unknown> }>(
			"return { children = function () return function () error('broken', 0) end end }",
		);
		expect(() => [...element.children()]).toThrow("broken");
		expect(() => run<AnyFunction>("return (...).children", element)()).not.toThrow();
	});

	it("live off what is told of their table", () => {
		expect(recognised.Stanza.functions["childtags"]?.results).toBe("each");
	});
});

describe("coroutines", () => {
	it("call JavaScript, which calls Lua", () => {
		const { run } = createLua();
		const table = run<Record<string, unknown>>(
			"t = setmetatable({}, { __index = function (_, k) return k; end }); return t",
		);
		const peek = (name: string): unknown => {
			table["seen"] = name;
			return `${String(table["virtual"])} ${name}`;
		};
		expect(run(`
			local peek = ...
			local thread = coroutine.wrap(function (name)
				local answer = peek(name)
				coroutine.yield(answer)
				return peek("again")
			end)
			return thread("first") .. ", " .. thread() .. ", " .. t.seen`, peek)).toBe("virtual first, virtual again, again");
		expect(() => run("coroutine.wrap(function () (...)() end)()", () => 1)).toThrow();
		expect(table["seen"]).toBe("again");
	});
});
