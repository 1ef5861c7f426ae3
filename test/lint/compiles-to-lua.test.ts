import { lauxlib, lua, to_jsstring, to_luastring } from "fengari";
import { describe, expect, it } from "vitest";
import { transpileFiles, LuaLibImportKind, LuaTarget } from "typescript-to-lua";
import ts from "typescript";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The modules as Lua, by file name. */
function compile(): { lua: Map<string, string>; problems: string[] } {
	const files = new Map<string, string>();
	const { diagnostics } = transpileFiles([`${root}/modules/index.ts`], {
		target: ts.ScriptTarget.ESNext,
		lib: ["lib.esnext.d.ts"],
		module: ts.ModuleKind.ESNext,
		moduleResolution: ts.ModuleResolutionKind.Bundler,
		strict: true,
		skipLibCheck: true,
		types: ["@typescript-to-lua/language-extensions"],
		rootDir: root,
		outDir: `${root}/out`,
		luaTarget: LuaTarget.Lua52,
		luaLibImport: LuaLibImportKind.Inline,
		// Functions take no self unless they are methods, as in Prosody's own Lua.
		noImplicitSelf: true,
	}, (name, text) => void files.set(name, text));
	return { lua: files, problems: diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")) };
}

describe("the modules", () => {
	it("compile to Lua, which parses", () => {
		const { lua: compiled, problems } = compile();
		expect(problems).toEqual([]);
		expect(compiled.size).toBeGreaterThan(5);
		const L = lauxlib.luaL_newstate();
		for (const [name, text] of compiled) {
			const chunk = to_luastring(text);
			const status = lauxlib.luaL_loadbuffer(L, chunk, chunk.length, to_luastring(`@${name}`));
			expect(status === lua.LUA_OK ? "" : `${name}: ${to_jsstring(lua.lua_tostring(L, -1)!)}`).toBe("");
		}
	});
});
