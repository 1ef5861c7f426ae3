import { describe, expect, it } from "vitest";
import { toJsonLines } from "../../bridge/trace/json-lines";
import { writeJson } from "../../bridge/trace/json";

describe("JSON", () => {
	it.each([
		null, true, 1.5, Number.NaN, "\u0000\"ü", [], {}, [1, [], {}], { a: [{}], "": undefined, b: { c: null } },
		[undefined],
	])("is written as JSON.stringify writes it: %j", (data) => {
		expect(writeJson(data)).toBe(JSON.stringify(data));
		expect(writeJson(data, { lines: true })).toBe(JSON.stringify(data, null, 2));
	});

	it("has members called like what objects inherit", () => {
		const data = Object.assign(Object.create(null) as object, { constructor: 1, ["__proto__"]: 2 });
		expect(writeJson(data, { sorted: true })).toBe("{\"__proto__\":2,\"constructor\":1}");
	});

	it("may nest deeper than the stack", () => {
		let data: unknown = [];
		for (let depth = 0; depth < 20_000; depth++) {
			data = { data };
		}
		const text = toJsonLines([{ at: 1, kind: "store", store: "offline", user: "juliet", data }]);
		expect(text).toMatch(/^\{"at":1,"kind":"store","store":"offline","user":"juliet","data":\{"data":\{/);
		expect(text.endsWith("}\n")).toBe(true);
	});
});

describe("JSON Lines", () => {
	it("have one entry a line", () => {
		expect(toJsonLines([
			{ at: 0, kind: "reply", to: "Romeo", xml: "<a>\n</a>" },
			{ at: 1, kind: "store", store: "s", data: null },
		])).toBe("{\"at\":0,\"kind\":\"reply\",\"to\":\"Romeo\",\"xml\":\"<a>\\n</a>\"}\n"
			+ "{\"at\":1,\"kind\":\"store\",\"store\":\"s\",\"data\":null}\n");
	});
});
