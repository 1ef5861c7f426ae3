import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode } from "../../bridge/fengari/strings";
import { createLua } from "./lua";

describe("strings", () => {
	it("are UTF-8 in Lua", () => {
		const { run } = createLua();
		const long = ["a".repeat(100), "é".repeat(100)];
		for (const text of ["", "plain", "Überraschung", "日本語", "👍🏽", "\0\x01", "\uFEFFx", ...long]) {
			expect(run("return ...", text)).toBe(text);
			expect(run("return #...", text)).toBe(Buffer.byteLength(text));
			expect(run("return (...) == ...", text)).toBe(true);
		}
	});

	it("carry bytes that are no UTF-8 across and back", () => {
		const { run } = createLua();
		const text = run<string>(
			"bytes = 'ok \\xff\\xc0\\x80\\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xe2\\x82 ok'; return bytes",
		);
		expect(text).toBe("ok \uDCFF\uDCC0\uDC80\uDCED\uDCA0\uDC80 \uDCF4\uDC90\uDC80\uDC80 \uDCE2\uDC82 ok");
		expect(run("return bytes == ...", text)).toBe(true);
		fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
			expect(run("local bytes, text = ...; return bytes == text", bytes, decode(bytes))).toBe(true);
		}));
	});

	it("decode what is UTF-8 as UTF-8", () => {
		fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
			expect(decode(Buffer.from(text))).toBe(text);
		}));
	});

	it("come from bytes", () => {
		const { run } = createLua();
		expect(run("return (...) == '\\1\\255'", Uint8Array.of(1, 255))).toBe(true);
		expect(run("return #...", new Uint8Array())).toBe(0);
	});
});

describe("numbers, booleans and nil", () => {
	it("cross as they are", () => {
		const { run } = createLua();
		for (const number of [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 0.5, 1e300, Infinity, -Infinity]) {
			expect(run("return ...", number)).toBe(number);
		}
		expect(run("return ...", NaN)).toBeNaN();
		expect(Object.is(run("return ...", -0), -0)).toBe(true);
		expect(run("return math.type(...)", 5)).toBe("integer");
		expect(run("return math.type(...)", 5.5)).toBe("float");
		expect(run("return math.type(...)", 2 ** 32)).toBe("float");
		expect(run("return ...", true)).toBe(true);
		expect(run("return ...", false)).toBe(false);
		expect(run("return select('#', ...) .. tostring(...)", undefined)).toBe("1nil");
		expect(run("return type(...)", null)).toBe("nil");
		expect(run("return nil")).toBeUndefined();
	});

	it("are all that crosses beside objects and functions", () => {
		const { run } = createLua();
		expect(() => run("return ...", Symbol("s"))).toThrow("a symbol cannot cross into Lua");
		expect(() => run("return ...", 1n)).toThrow("a bigint cannot cross into Lua");
		expect(run("return 1 + 1")).toBe(2);
	});
});

describe("threads", () => {
	it("cross as values that only Lua can use", () => {
		const { run } = createLua();
		const thread = run("thread = coroutine.create(function () end); return thread");
		expect(typeof thread).toBe("object");
		expect(run("return thread")).toBe(thread);
		expect(run("return thread == ...", thread)).toBe(true);
	});
});
