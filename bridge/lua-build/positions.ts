import { SourceMap } from "node:module";
import { findLuaBuild } from "./files";
import { modules } from "../../modules";
import { readFileSync } from "node:fs";
import type { SourceMapPayload, SourceMapping } from "node:module";

/** Where a line of the Lua build comes from. */
export interface Position {
	/** The TypeScript file, from the package's folder on: `modules/push/queue.ts`. */
	file: string;
	line: number;
	/** The Lua file, as it stood in the text: `/usr/local/lib/prosody/modules/mod_cloud_notify.lua`, or the end of that. */
	lua: string;
	/** All that stood in the text: the same with `:812` behind it. */
	written: string;
}

// Lua shortens long paths to `...` and their end. Prosody's own tracebacks have ` line ` for the colon.
const LUA_POSITION = /(?<![\w./-])((?:[^ \t\r\n:;,"'`<>()[\]{}|]*\/)?mod_(\w+)\.lua)(?::| line )(\d+)/g;

/**
 * Replaces the positions in the Lua build of our modules, such as those in Lua's tracebacks, by what is to stand for them. A
 * text does not tell of which build it speaks: the positions are taken to be in this one.
 */
export function locate(text: string, replacement: (position: Position) => string): string {
	return text.replace(LUA_POSITION, (written, lua: string, name: string, digits: string) => {
		const line = Number(digits) - 1;
		// Empty above the first line that is from TypeScript.
		const entry: Partial<SourceMapping> = (Object.hasOwn(modules, name) && mapOf(name)?.findEntry(line, 0)) || {};
		const { generatedLine, originalSource, originalLine } = entry;
		// The entry of a line above is no answer: this one is not from TypeScript, or not of this file.
		return generatedLine === line && originalSource !== undefined && originalLine !== undefined
			? replacement({ file: originalSource, line: originalLine + 1, lua, written })
			: written;
	});
}

/** A text with the TypeScript line, `modules/push/queue.ts:35`, in place of each position in the Lua build. */
export function atTypeScript(text: string): string {
	return locate(text, ({ file, line }) => `${file}:${line}`);
}

const maps = new Map<string, SourceMap>();

function mapOf(name: string): SourceMap | undefined {
	let map = maps.get(name);
	const path = findLuaBuild(name);
	if (map === undefined && path !== undefined) {
		map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, "utf8")) as SourceMapPayload);
		maps.set(name, map);
	}
	return map;
}
