import { SourceMapGenerator, SourceNode } from "source-map";
import { NotBuilt } from "../not-built.mjs";

const LUALIB = "-- What TypeScript has and Lua has not. Copyright (c) TypeScriptToLua Contributors (MIT)\n";
// LuaJIT has it as a global. Where that is not, Prosody complains of whoever looks at it.
const UNPACK = "local unpack = table.unpack or unpack -- luacheck: ignore 113\n";

/**
 * Makes one Lua file of a module and all that it imports.
 * @param {string} name the Lua file's
 * @param {import("./registry.mjs").RegisteredModule} module
 * @param {Map<string, import("./printer.mjs").LinkedFile>} files
 * @param {(names: string[]) => string} lualib
 * @param {string} header
 * @returns {{ code: string, map: string }} the file, and a source map that says of each line where it comes from
 * @throws {NotBuilt}
 */
export function link(name, module, files, lualib, header) {
	const parts = inOrder(module.file, files);
	checkExports(parts);
	const library = inOurStyle(lualib(parts.flatMap(({ names }) => [...names])));
	const { exported, at } = module;
	const whole = new SourceNode(null, null, null, [
		header, "\n", ...(parts.some(({ unpacks }) => unpacks) || /\bunpack\b/.test(library) ? [UNPACK, "\n"] : []),
		...(library !== "" ? [LUALIB, library, "\n\n"] : []),
		...parts.flatMap(({ code, exports }) => [
			`-- ${code.source}\n`,
			...(exports.size > 0 ? [`local ${[...exports].join(", ")}\n`] : []),
			"do\n", code, "end\n\n",
		]),
		new SourceNode(at.line, at.column, files.get(module.file).code.source, `${exported}(module, prosody, require)\n`),
	]);
	return { code: whole.toString().replace(/[ \t]+(?=\n)/g, ""), map: lineMap(name, whole) };
}

/** TypeScriptToLua's library as the printer prints the rest. */
function inOurStyle(library) {
	return library.trimEnd()
		.replace(/^( {4})+/gm, (spaces) => "\t".repeat(spaces.length / 4))
		.replace(/\b____\b/g, "_")
		.replace(/\bunpack or table\.unpack\b|\btable\.unpack or unpack\b/g, "unpack");
}

/** A file and what it imports, what is imported before what imports it. */
function inOrder(entry, files) {
	const ordered = new Set();
	const visit = (path, importers) => {
		const file = files.get(path);
		if (ordered.has(file)) return;
		if (importers.includes(path)) {
			const circle = [...importers.slice(importers.indexOf(path)), path].map((of) => files.get(of).code.source);
			throw new NotBuilt(`${circle[0]}:1: it imports itself: ${circle.join(" imports ")}`);
		}
		for (const imported of file.imports) visit(imported, [...importers, path]);
		ordered.add(file);
	};
	visit(entry, []);
	return [...ordered];
}

/** In one Lua file what the files export stands side by side. */
function checkExports(parts) {
	const exporters = new Map();
	for (const { code, exports, handsOn } of parts) {
		if (handsOn !== undefined) {
			throw new NotBuilt(`${handsOn}: export what this file makes alone: what another makes is imported from there`);
		}
		for (const name of exports) {
			const other = exporters.get(name);
			if (other !== undefined) {
				throw new NotBuilt(`${code.source}:1: it exports '${name}', as ${other} does: give it a name of its own`);
			}
			exporters.set(name, code.source);
		}
	}
}

/**
 * A source map of lines: Lua knows no columns. A line comes from where the first thing on it comes from, one with nothing
 * on it, such as `end`, from where the line above does.
 */
function lineMap(file, whole) {
	const map = new SourceMapGenerator({ file });
	let line = 1;
	let mapped = 0;
	let last;
	const add = () => {
		if (last !== undefined) map.addMapping({ generated: { line, column: 0 }, source: last.source, original: last.original });
		mapped = line;
	};
	whole.walk((chunk, { source, line: original, column }) => {
		for (const [index, text] of chunk.split("\n").entries()) {
			if (index > 0) {
				if (mapped < line) add();
				line++;
			}
			if (source === null) {
				last = undefined;
			} else if (original !== null && mapped < line && text.trim() !== "") {
				last = { source, original: { line: original, column } };
				add();
			}
		}
	});
	return `${map.toString()}\n`;
}
