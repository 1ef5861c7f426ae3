import { describe, expect, it } from "vitest";
import { LuaError } from "../../bridge/fengari";
import { createLua } from "./lua";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

function thrownBy(action: () => unknown): unknown {
	try {
		action();
	} catch (error) {
		return error;
	}
	throw new Error("nothing was thrown");
}

describe("a Lua error in JavaScript", () => {
	it("has the message, the value, and both tracebacks", () => {
		const { run } = createLua();
		const failing = run<AnyFunction>("local function deep() error('went wrong') end\nreturn function () deep(); end");
		const error = thrownBy(() => failing()) as LuaError;
		expect(error).toBeInstanceOf(LuaError);
		expect(error.message).toBe("chunk:1: went wrong");
		expect(error.value).toBe(error.message);
		expect(error.traceback).toMatch(/^stack traceback:\n[^]*deep/);
		expect(error.stack).toContain("errors.test.ts");
		expect(error.stack).toContain(error.traceback);
	});

	it("can be a table", () => {
		const { run } = createLua();
		const raise = run<AnyFunction>(`
			problem = setmetatable({ code = 5 }, { __tostring = function (self) return "problem "..self.code end })
			return function () error(problem) end`);
		const error = thrownBy(() => raise()) as LuaError;
		expect(error.message).toBe("problem 5");
		expect(error.value).toBe(run("return problem"));
		const rethrow = (): never => { throw error; };
		expect(run("local ok, caught = pcall(...); return caught == problem", rethrow)).toBe(true);
		expect(thrownBy(() => run("(...)()", rethrow))).toBe(error);
		expect(thrownBy(() => run("local ok, caught = pcall(...); error(caught)", () => raise()))).toBeInstanceOf(LuaError);
	});

	it("can be nothing", () => {
		const { run } = createLua();
		const error = thrownBy(() => run("error()")) as LuaError;
		expect(error).toBeInstanceOf(LuaError);
		expect(error.message).toBe("nil");
		expect(error.value).toBeUndefined();
	});

	it("of the syntax has file and line", () => {
		const { run } = createLua();
		expect(() => run("local x =\nlocal")).toThrow("chunk:2: unexpected symbol near 'local'");
	});

	it("leaves the state as it was", () => {
		const { crossing, run } = createLua();
		const table = run<Record<string, unknown>>("return setmetatable({}, { __index = error, __newindex = error })");
		for (let i = 0; i < 100; i++) {
			expect(() => table["x"]).toThrow();
			expect(() => { table["x"] = 1; }).toThrow();
			expect(() => run("error('x')")).toThrow();
		}
		expect(run("return 1")).toBe(1);
		expect(crossing.L).toBeDefined();
	});

	it("comes of endless recursion too", () => {
		const { run } = createLua();
		const ping = run<AnyFunction>("function ping(f) return f(f) end; return ping");
		expect(() => ping((f: unknown) => ping(f))).toThrow();
		expect(run("return 1")).toBe(1);
	});
});

describe("a JavaScript error in Lua", () => {
	it("is caught by pcall as itself", () => {
		const { run } = createLua();
		const problem = new TypeError("no good");
		const fail = (): never => { throw problem; };
		expect(run("local ok, err = pcall(...); return not ok and err", fail)).toBe(problem);
		expect(run("local ok, err = pcall(...); return tostring(err)", fail)).toBe("TypeError: no good");
		expect(run("local ok, err = pcall(...); return err.message", fail)).toBe("no good");
		expect(run("local ok, err = xpcall(..., debug.traceback); return err", fail))
			.toMatch(/^TypeError: no good\n[^]*errors\.test\.ts[^]*stack traceback:\n/);
		expect(run("local ok, err = xpcall(error, debug.traceback, 'lua'); return err")).toMatch(/^lua\nstack traceback:/);
	});

	it("arrives behind Lua as what was thrown, with Lua's traceback", () => {
		const { run } = createLua();
		const problem = new Error("mine");
		expect(thrownBy(() => run("local function through(f) f(); return 1; end; through(...)", () => { throw problem; })))
			.toBe(problem);
		expect(problem.stack).toContain("errors.test.ts");
		expect(problem.stack).toMatch(/stack traceback:\n[^]*'through'/);
		expect(thrownBy(() => run("local ok, err = pcall(...); error(err)", () => { throw problem; }))).toBe(problem);
		const odd = { not: "an error" };
		expect(thrownBy(() => run("(...)()", () => { throw odd; }))).toBe(odd);
		expect(thrownBy(() => run("(...)()", () => { throw "text"; }))).toBe("text");
		expect(thrownBy(() => run("(...)()", () => { throw undefined; }))).toBeUndefined();
		expect(thrownBy(() => run("coroutine.wrap(...)()", () => { throw problem; }))).toBe(problem);
	});

	it("comes of getters, setters and iterators too", () => {
		const { run } = createLua();
		const object = {
			get bad(): never { throw new RangeError("bad getter"); },
			set bad(_value: unknown) { throw new RangeError("bad setter"); },
		};
		const get = "local ok, err = pcall(function (o) return o.bad end, ...); return err.message";
		expect(run(get, object)).toBe("bad getter");
		const set = "local ok, err = pcall(function (o) o.bad = 1 end, ...); return err.message";
		expect(run(set, object)).toBe("bad setter");
		function* steps(): Generator<number> {
			yield 1;
			throw new Error("bad step");
		}
		expect(() => run("for x in ... do end", steps())).toThrow("bad step");
	});
});
