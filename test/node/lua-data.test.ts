import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lauxlib, lua, to_luastring } from "fengari";
import { falseKey, parseLuaData, trueKey, type LuaData } from "../../bridge/node/lua-data";
import { bytesToText } from "../../bridge/native/bytes";
import { HOSTILE_NAMES } from "./machine";
import { serialize } from "../../bridge/node/serialization";

const parse = (source: string): LuaData => parseLuaData(source, "test");

describe("reading Lua data", () => {
	it.each<[string, LuaData]>([
		["nil", undefined],
		["", undefined],
		["return", undefined],
		["return nil;", undefined],
		["true", true],
		["false", false],
		["42", 42],
		["-7", -7],
		["0x1F", 31],
		["0x.8p1", 1],
		["3.5e2", 350],
		[".5", 0.5],
		["(1/0)", Infinity],
		["(-1/0)", -Infinity],
		["72*3600", 259200],
		["100000*100000", 1e10],
		["1 + 2 * 3 - 4", 3],
		["2^3^2", 512],
		["-2^2", -4],
		["2^-1", 0.5],
		["7 // 2 + 7 % 3 + -7 % 3", 6],
		["-7 // 2", -4],
		["10 - 2 - 3", 5],
		["(1 + 2) * 3", 9],
		["'a' .. \"b\" .. 'c'", "abc"],
		["'it''s'", undefined],
		["\"a\\n\\t\\\\\\\"\\'\\a\\b\\f\\r\\v\"", "a\n\t\\\"'\x07\b\f\r\v"],
		["'\\65\\066\\0067\\x44\\u{e9}\\u{1F600}'", "AB\x067Dé😀"],
		["'\\195\\169'", "é"],
		["'\\255'", "\udcff"],
		["'é\\255😀'", "é\udcff😀"],
		["'a\\z  \n  b'", "ab"],
		["'a\\\nb'", "a\nb"],
		["'a\\\r\nb'", "a\nb"],
		["[[\nline\n]]", "line\n"],
		["[==[a]]b]=]]==]", "a]]b]=]"],
		["-- a comment\n--[[ and\nanother ]] 1 --[==[ x ]] ]==] + 2 -- end", 3],
		["{}", {}],
		["{ 1, 'two'; true, }", [1, "two", true]],
		["{ [1] = 'a', [2] = 'b' }", ["a", "b"]],
		["{ [2] = 'b', 'a' }", ["a", "b"]],
		["{ 'x', [1] = 'y' }", ["x"]],
		["{ a = 1, [\"b c\"] = { d = {} } }", { "a": 1, "b c": { d: {} } }],
		["{ name = 'x', attr = {}, 'text', { name = 'y', attr = {} } }",
			{ name: "x", attr: {}, 1: "text", 2: { name: "y", attr: {} } }],
		["{ nil, 'b', c = nil }", { 2: "b" }],
		["{ a = 1, a = 2 }", { a: 2 }],
		["return {\n\t[\"a\"] = 1;\n};\n", { a: 1 }],
	])("takes %j", (source, expected) => {
		if (source === "'it''s'") expect(() => parse(source)).toThrow("<eof> expected");
		else expect(parse(source)).toEqual(expected);
	});

	it("has a place for the keys false and true", () => {
		const data = parse("{ [false] = { version = 1 }, [true] = 'x', ['false'] = 'user' }") as Record<PropertyKey, LuaData>;
		expect(data[falseKey]).toEqual({ version: 1 });
		expect(data[trueKey]).toBe("x");
		expect(Object.keys(data)).toEqual(["false"]);
	});

	it.each([
		["os.time()", "test:1: data expected, no names, near 'os'"],
		["while true do end", "data expected"],
		["function() end", "data expected"],
		["{ a }", "'=' expected near '}'"],
		["{ a = b }", "data expected, no names, near 'b'"],
		["{ 1, 2", "'}' expected near '<eof>'"],
		["{\n1,\n\n}}", "test:4: <eof> expected near '}'"],
		["1 2", "<eof> expected near '2'"],
		["'abc", "unexpected \"'\""],
		["'a\nb'", "unexpected \"'\""],
		["'\\q'", "invalid escape sequence '\\q'"],
		["'\\300'", "invalid escape sequence '\\300'"],
		["'\\u{110000}'", "invalid escape sequence"],
		["1x", "malformed number near '1x'"],
		["{ [nil] = 1 }", "a key must be text"],
		["{ [0/0] = 1 }", "a key must be text"],
		["1 + 'a'", "'+' needs numbers"],
		["-{}", "'-' needs numbers"],
		["1 .. 2", "'..' needs strings"],
		["@", "unexpected \"@\""],
		["\x1bLua", "unexpected"],
		["{".repeat(300), "nested too deeply"],
		["(".repeat(100_000), "nested too deeply"],
		["-".repeat(1), "unexpected symbol near '<eof>'"],
	])("refuses %j", (source, message) => {
		expect(() => parse(source)).toThrow(message);
	});

	it("gives tables without inherited members", () => {
		const source = serialize(Object.fromEntries(HOSTILE_NAMES.map((name) => [name, name])));
		const data = parse(source) as Record<string, LuaData>;
		expect(Object.keys(data).sort()).toEqual([...HOSTILE_NAMES].sort());
		for (const name of HOSTILE_NAMES) expect(data[name]).toBe(name);
		expect("valueOf" in data).toBe(false);
		expect((parse("{}") as Record<string, LuaData>).constructor).toBeUndefined();
	});

	it("is quick with text that leads nowhere", () => {
		expect(() => parse(`'${"\\z ".repeat(5000)}`)).toThrow("unexpected");
		expect(() => parse(`'${"\\\\".repeat(50_000)}`)).toThrow("unexpected");
		expect(() => parse("--[==[".repeat(2000))).toThrow("unexpected");
	});
});

describe("writing Lua data", () => {
	it("lays it out as Prosody does", () => {
		const data = { "push.localhost<n1": { jid: "push.localhost", timestamp: 1700000000, list: ["a", "b"], empty: {} } };
		expect(serialize(data)).toBe("{\n\t[\"push.localhost<n1\"] = {\n\t\t[\"jid\"] = \"push.localhost\";\n"
			+ "\t\t[\"timestamp\"] = 1700000000;\n\t\t[\"list\"] = {\n\t\t\t\"a\";\n\t\t\t\"b\";\n\t\t};\n"
			+ "\t\t[\"empty\"] = {};\n\t};\n}");
	});

	it.each([
		[undefined, "nil"], [true, "true"], [5, "5"], [-5, "-5"], [0.1, "0.100000000000000006"], [0.5, "0.5"],
		[1e300, "1.00000000000000005e+300"], [1e-7, "9.99999999999999955e-08"], [Infinity, "(1/0)"], [-Infinity, "(-1/0)"],
		[NaN, "(0/0)"], ["it's \"é\"\n\t\\\0\x7f", "\"it\\'s \\\"\\195\\169\\\"\\n\\t\\\\\\000\\127\""],
		["\udcff😀\x07", "\"\\255\\240\\159\\152\\128\\a\""], [[], "{}"], [{}, "{}"],
		[["a", undefined, "c"], "{\n\t\"a\";\n\t[3] = \"c\";\n}"], [{ a: undefined }, "{}"],
	])("writes %j as %s", (value, expected) => {
		expect(serialize(value)).toBe(expected);
	});

	it("takes numbers for positions in preserialized stanzas only", () => {
		expect(serialize({ 1: "a", name: "x", attr: {} }))
			.toBe("{\n\t\"a\";\n\t[\"name\"] = \"x\";\n\t[\"attr\"] = {};\n}");
		expect(serialize({ 1: "a", 2: "b" })).toBe("{\n\t[\"1\"] = \"a\";\n\t[\"2\"] = \"b\";\n}");
	});

	it("writes the keys false and true", () => {
		expect(serialize({ a: 1, [falseKey]: 2 })).toBe("{\n\t[\"a\"] = 1;\n\t[false] = 2;\n}");
	});

	it("refuses what is no data", () => {
		expect(() => serialize(() => 1)).toThrow("Can't serialize function");
		expect(() => serialize({ a: new Map() })).toThrow("Can't serialize an instance of Map");
		expect(() => serialize(null)).toThrow("Can't serialize null");
		const shared = {};
		expect(() => serialize({ a: shared, b: shared })).toThrow("table has multiple references");
		const circle: Record<string, unknown> = {};
		circle.self = circle;
		expect(() => serialize(circle)).toThrow("table has multiple references");
		const nested = (depth: number): unknown => depth === 0 ? 1 : { a: nested(depth - 1) };
		expect(parse(serialize(nested(127)))).toEqual(nested(127));
		expect(() => serialize(nested(128))).toThrow("max table depth reached");
	});
});

const scalar = fc.oneof(
	fc.boolean(), fc.integer(), fc.double({ noNaN: true }).map((number) => Object.is(number, -0) ? 0 : number),
	fc.string({ unit: "binary" }), fc.uint8Array().map(bytesToText), fc.constantFrom(...HOSTILE_NAMES),
);
const key = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...HOSTILE_NAMES));
const { data: anyData } = fc.letrec<{ data: LuaData }>((tie) => ({
	data: fc.oneof(
		{ maxDepth: 4 }, scalar, fc.array(tie("data"), { minLength: 1, maxLength: 4 }),
		fc.dictionary(key, tie("data"), { maxKeys: 4 }),
	) as fc.Arbitrary<LuaData>,
}));

/** What a Lua VM makes of the source: tables as maps, strings as byte strings. */
function runLua(source: string): unknown {
	const L = lauxlib.luaL_newstate();
	const chunk = to_luastring(source);
	expect(lauxlib.luaL_loadbuffer(L, chunk, chunk.length, to_luastring("=test"))).toBe(lua.LUA_OK);
	expect(lua.lua_pcall(L, 0, 1, 0)).toBe(lua.LUA_OK);
	const read = (): unknown => {
		switch (lua.lua_type(L, -1)) {
			case lua.LUA_TNIL: return undefined;
			case lua.LUA_TBOOLEAN: return lua.lua_toboolean(L, -1);
			case lua.LUA_TNUMBER: return lua.lua_tonumber(L, -1);
			case lua.LUA_TSTRING: return bytesToText(lua.lua_tostring(L, -1)!);
			default: break;
		}
		const table = new Map<unknown, unknown>();
		lua.lua_pushnil(L);
		while (lua.lua_next(L, -2)) {
			const value = read();
			lua.lua_settop(L, -2);
			lua.lua_pushvalue(L, -1);
			table.set(read(), value);
			lua.lua_settop(L, -2);
		}
		return table;
	};
	return read();
}

/** The data as Lua has it. */
function asLua(data: LuaData): unknown {
	if (Array.isArray(data)) return new Map(data.map((item, at) => [at + 1, asLua(item)]));
	if (typeof data !== "object") return data;
	return new Map(Object.keys(data).map((name) => [name, asLua(data[name])]));
}

describe("any data", () => {
	it("is read as it was written", () => {
		fc.assert(fc.property(anyData, (data) => {
			const copy = parse(`return ${serialize(data)};\n`);
			expect(copy).toEqual(data);
			expect(serialize(copy)).toBe(serialize(data));
		}));
	});

	it("is to a Lua VM what was meant", () => {
		fc.assert(fc.property(anyData, (data) => {
			fc.pre(!JSON.stringify(data ?? null).includes('"attr"'));
			expect(runLua(`return ${serialize(data)};\n`)).toEqual(asLua(data));
		}), { numRuns: 50 });
	});
});
