import { relative } from "node:path";
import ts from "typescript";
import { LuaLibImportKind, LuaTarget, Transpiler } from "typescript-to-lua";
import { getLuaLibExportToFeatureMap, loadInlineLualibFeatures } from "typescript-to-lua/dist/LuaLib.js";
import { NotBuilt } from "../not-built.mjs";
import { LinkedPrinter } from "./printer.mjs";
import { plainTables } from "./plain-tables.mjs";

// What means the same in Lua 5.2, 5.3, 5.4 and LuaJIT. What LuaJIT lacks of 5.2, table.unpack, the printer sees to.
const TARGET = LuaTarget.Lua52;

/**
 * Compiles a TypeScript file, and what it imports, to Lua.
 * @param {string} root the package's folder
 * @param {string} entry
 * @returns `files` by path, for the linker; `lualib(names)` is what TypeScriptToLua's library has under any of these names
 * @throws {NotBuilt}
 */
export function compile(root, entry) {
	const program = ts.createProgram([entry], {
		target: ts.ScriptTarget.ES2022,
		lib: ["lib.es2022.d.ts"],
		module: ts.ModuleKind.ESNext,
		moduleResolution: ts.ModuleResolutionKind.Bundler,
		strict: true,
		noUncheckedIndexedAccess: true,
		skipLibCheck: true,
		types: ["@typescript-to-lua/language-extensions"],
		typeRoots: [`${root}/node_modules`],
		rootDir: root,
		outDir: `${root}/dist/lua`,
		noEmitOnError: true,
		luaTarget: TARGET,
		luaLibImport: LuaLibImportKind.Inline,
		// Functions take no self unless they are methods, as in Prosody's own Lua.
		noImplicitSelf: true,
	});
	/** @type {Map<string, import("./printer.mjs").LinkedFile>} */
	const files = new Map();
	const problems = [];
	const { diagnostics } = new Transpiler().emit({
		program,
		// What is written is what the linker makes of it.
		writeFile: () => undefined,
		plugins: [{
			visitors: plainTables,
			printer(ofProgram, emitHost, path, file) {
				const printer = new LinkedPrinter(emitHost, ofProgram, path, root, problems);
				files.set(path, printer.linked(file));
				return { code: "", sourceMap: "", sourceMapNode: printer.nothing() };
			},
		}],
	});
	for (const diagnostic of diagnostics) {
		if (diagnostic.category === ts.DiagnosticCategory.Error) problems.push(describe(diagnostic, root));
	}
	if (problems.length > 0) throw new NotBuilt([...new Set(problems)].join("\n"));
	const lualib = (names) => {
		const features = getLuaLibExportToFeatureMap(TARGET, ts.sys);
		return loadInlineLualibFeatures(names.flatMap((name) => features.get(name) ?? []), TARGET, ts.sys);
	};
	return { program, files, lualib };
}

/** `FILE:LINE` of a node. */
export function placeOf(node, root) {
	const source = node.getSourceFile();
	return `${relative(root, source.fileName)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function describe({ file, start = 0, messageText }, root) {
	const message = ts.flattenDiagnosticMessageText(messageText, " ");
	if (file === undefined) return message;
	return `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${message}`;
}
