import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildLua } from "../../build/lua/index.mjs";
import { packageRoot } from "../../bridge/package-root";
import { createLua } from "../fengari/lua";

let root: string;

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "prosody-push-"));
	symlinkSync(join(packageRoot(), "node_modules"), join(root, "node_modules"));
	write("package.json", JSON.stringify({ version: "1.2.3" }));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, text: string): void {
	mkdirSync(dirname(join(root, name)), { recursive: true });
	writeFileSync(join(root, name), text);
}

/** A package with one module, whose file has these lines, and with these other files. */
function writeModule(lines: readonly string[], others: Readonly<Record<string, readonly string[]>> = {}): void {
	write("modules/index.ts", "import { mod_a } from \"./mod_a\";\nexport const modules = {\n\ta: mod_a,\n};\n");
	write("modules/mod_a.ts", lines.join("\n"));
	for (const [name, text] of Object.entries(others)) write(`modules/${name}`, text.join("\n"));
}

/** A module with this function body. */
const moduleOf = (...body: readonly string[]): string[] => [
	"type Say = (this: void, ...words: unknown[]) => void;",
	"/** Says things. */",
	"export const mod_a = (module: { say: Say; list: string[] }, prosody: unknown, require: unknown): void => {",
	...body,
	"};",
];

/** The text of the module's Lua file. */
async function built(): Promise<string> {
	const files = await buildLua(root);
	expect(files.map(({ path }) => path)).toEqual([join(root, "dist/lua/mod_a.lua"), join(root, "dist/lua/mod_a.lua.map")]);
	return files[0]!.contents as string;
}

/** What the module says when its Lua file runs, in one list. */
async function said(): Promise<unknown> {
	return createLua().run<string>(`
		local said, text = {}, ...;
		local module = { list = { "x", "y", "z" }, say = function (...)
			local words = { ... };
			for i = 1, select("#", ...) do words[i] = tostring(words[i]); end
			table.insert(said, table.concat(words, " "));
		end };
		assert(load(text, "=mod_a.lua", "t", setmetatable({ module = module }, { __index = _G })))();
		return table.concat(said, ", ");
	`, await built());
}

async function refused(): Promise<string> {
	return buildLua(root).then(
		() => expect.fail("it was built"),
		(error: Error) => `${error.name}: ${error.message}`,
	);
}

describe("the Lua build", () => {
	it("makes one file of a module and what it imports, each in a block of its own", async () => {
		writeModule([
			"import { hello, limit } from \"./push/words\";",
			"import { name_of } from \"./push/names\";",
			...moduleOf("\tconst secret = limit + 1;", "\tmodule.say(hello(name_of()), secret);"),
		], {
			"push/words.ts": [
				"import { name_of } from \"./names\";",
				"const secret = \"hello\";",
				"export const limit = 7;",
				"export function hello(name: string): string {",
				"\treturn name === name_of() ? `${secret} ${name} ${again(name)}` : \"?\";",
				"}",
				"export function again(name: string): string { return `and ${name}`; }",
			],
			"push/names.ts": ["const secret = \"Juliet\";", "export function name_of(): string { return secret; }"],
			"push/unused.ts": ["export const unused = 1;"],
		});
		expect(await said()).toBe("hello Juliet and Juliet 8");
		const text = await built();
		expect(text.split("\n").filter((line) => line.startsWith("-- modules/"))).toEqual([
			"-- modules/push/names.ts", "-- modules/push/words.ts", "-- modules/mod_a.ts",
		]);
		expect(text).toContain("-- Says things.\n");
		expect(text).toContain("-- prosody-push 1.2.3\n");
		expect(text).not.toMatch(/unused|__TS__\w+\(|____exports|\brequire\(/);
	});

	it("makes of a Map, and of what is deleted, what one would write in Lua", async () => {
		writeModule(moduleOf(
			"\tconst known = new Map<string, number>();",
			"\tconst table: Record<string, number | undefined> = { a: 1 };",
			"\tknown.set(\"a\", 1);",
			"\tknown.set(\"b\", (known.get(\"a\") ?? 0) + 1);",
			"\tmodule.say(known.has(\"a\"), known.get(\"b\"), known.has(\"c\"), known.get(\"c\"));",
			"\tknown.delete(\"a\");",
			"\tdelete table.a;",
			"\tdelete table[`${module.list[0]}`];",
			"\tmodule.say(known.has(\"a\"), table.a);",
		));
		expect(await said()).toBe("true 2 false nil, false nil");
		expect(await built()).not.toContain("__TS__");
	});

	it("spreads lists", async () => {
		writeModule(moduleOf(
			"\tconst list = [\"a\", ...module.list];",
			"\tlist.push(...module.list, \"b\");",
			"\tlist.push(...module.list);",
			"\tmodule.say(...list);",
			"\tfor (const word of list) { if (word !== \"b\") continue; module.say(word); }",
		));
		expect(await said()).toBe("a x y z x y z b x y z, b");
		expect(await built()).not.toMatch(/table\.unpack(?! or)/);
	});

	it("keeps texts as they are", async () => {
		writeModule(moduleOf("\tmodule.say(\"\\0\" + \"1\", \"\\x001\", \"\\\\0\", \"a  \\u2028b\", \"c\\r1\\t\");"));
		expect(await said()).toBe("\x001 \x001 \\0 a  \u2028b c\r1\t");
	});

	it("makes the same of the same sources", async () => {
		const files = async (): Promise<unknown[]> => (await buildLua(packageRoot())).map(({ contents }) => contents);
		const first = await files();
		expect(first.length).toBeGreaterThanOrEqual(2);
		expect(await files()).toEqual(first);
	});

	it("maps every line", async () => {
		writeModule(moduleOf("\tmodule.say(", "\t\t\"one\",", "\t\tmodule.list.map((word) => `${word}!`),", "\t);"));
		const [lua, map] = await buildLua(root);
		expect(JSON.parse(map!.contents as string)).toMatchObject({ version: 3, file: "mod_a.lua", sources: ["modules/mod_a.ts"] });
		expect((lua!.contents as string).trimEnd().split("\n").at(-1)).toBe("mod_a(module, prosody, require)");
	});

	it.each<[string, string[], Record<string, string[]>, string]>([
		["what is no TypeScript", moduleOf("\tmodule.say(;"), {}, "modules/mod_a.ts:4: ')' expected."],
		["what has another type", moduleOf("\tmodule.shout();"), {}, "modules/mod_a.ts:4: Property 'shout' does not exist on type"],
		["what Lua cannot do", moduleOf("\tmodule.say(/a/);"), {}, "modules/mod_a.ts:4: Unsupported node kind RegularExpressionLiteral"],
		["a Map with an order", moduleOf("\tconst map = new Map<string, string>();", "", "\tfor (const pair of map) module.say(pair);"),
			{}, "modules/mod_a.ts:6: In Lua a Map is a plain table: its keys have no order."],
		["a Map with a size", moduleOf("\tconst map = new Map<string, string>();", "\tmodule.say(map.size);"),
			{}, "modules/mod_a.ts:5: In Lua a Map is a plain table"],
		["other methods of a Map", moduleOf("\tconst map = new Map<string, string>();", "\tmap.clear();"),
			{}, "modules/mod_a.ts:5: In Lua a Map is a plain table, which has get, has, and as statements set and delete."],
		["a Map that is filled", moduleOf("\tmodule.say(new Map([[\"a\", 1]]));"),
			{}, "modules/mod_a.ts:4: In Lua a Map is a plain table: make it empty."],
		["deleting as a value", moduleOf("\tconst table: { a?: number } = {};", "\tmodule.say(delete table.a);"),
			{}, "modules/mod_a.ts:5: In Lua `delete` is an assignment: make it a statement of its own."],
		["operations on bits", moduleOf("\tconst bits = module.list.length & 3;", "\tmodule.say(", "\t\t1 << bits,", "\t);"),
			{}, "modules/mod_a.ts:4: the versions of Lua have no operations on bits in common\n"
				+ "modules/mod_a.ts:6: the versions of Lua have no operations on bits in common"],
		["handing on an export", ["import { y } from \"./b\";", ...moduleOf("\tmodule.say(y);")],
			{ "b.ts": ["export const y = 1;", "export { x } from \"./c\";"], "c.ts": ["export const x = 1;"] },
			"modules/b.ts:2: export what this file makes alone: what another makes is imported from there"],
		["handing on all exports", ["import { y } from \"./b\";", ...moduleOf("\tmodule.say(y);")],
			{ "b.ts": ["export const y = 1;", "", "export * from \"./c\";"], "c.ts": ["export const x = 1;"] },
			"modules/b.ts:3: export what this file makes alone: what another makes is imported from there"],
		["two exports of one name", ["import { x } from \"./b\";", "import { y } from \"./c\";", ...moduleOf("\tmodule.say(x, y);")],
			{ "b.ts": ["export const x = 1;"], "c.ts": ["export const x = 1;", "export const y = 1;"] },
			"modules/c.ts:1: it exports 'x', as modules/b.ts does: give it a name of its own"],
		["an export with a name of Lua's", ["import { y } from \"./b\";", ...moduleOf("\tmodule.say(y);")],
			{ "b.ts": ["export const ipairs = 1;", "export const y = 1;"] },
			"modules/b.ts:1: 'ipairs' has a meaning in Lua: export it under another name"],
		["an import under another name", ["import { x as y } from \"./b\";", ...moduleOf("\tmodule.say(y);")],
			{ "b.ts": ["export const x = 1;"] }, "modules/mod_a.ts:1: import 'x' under its own name, which must have no meaning in Lua"],
		["an import of everything", ["import * as b from \"./b\";", ...moduleOf("\tmodule.say(b.x);")],
			{ "b.ts": ["export const x = 1;"] }, "modules/mod_a.ts:1: import the members of 'b' by their names"],
		["files that import each other", ["import { x } from \"./b\";", ...moduleOf("\tmodule.say(x());")],
			{
				"b.ts": ["import { y } from \"./c\";", "export const x = (): number => y();"],
				"c.ts": ["import { x } from \"./b\";", "export const y = (): number => x();"],
			}, "modules/b.ts:1: it imports itself: modules/b.ts imports modules/c.ts imports modules/b.ts"],
	])("refuses %s, and says where", async (_, lines, others, message) => {
		writeModule(lines, others);
		expect(await refused()).toContain(message);
		expect(await refused()).toMatch(/^NotBuilt: /);
	});

	it("refuses a registry that it cannot read, and says where", async () => {
		writeModule(moduleOf());
		write("modules/index.ts", "export const modules = {\n\ta: () => undefined,\n};\n");
		expect(await refused()).toBe("NotBuilt: modules/index.ts:2: expected `NAME: FUNCTION`, the function imported");
	});
});
