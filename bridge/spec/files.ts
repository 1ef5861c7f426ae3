import { basename, join } from "node:path";
import { readdirSync, statSync } from "node:fs";
import { createState, runFile } from "../fengari/state";
import { packageRoot } from "../package-root";

/** Which files of a folder are specs: busted's options, Lua patterns that are looked for in their names. */
export interface SpecFilesOptions {
	/** `_spec` if absent. */
	patterns?: readonly string[];
	excludedPatterns?: readonly string[];
	/** Whether folders in a folder are looked into: yes if absent. */
	recursive?: boolean;
}

type IsSpec = (this: void, name: string, patterns: readonly string[], excluded: readonly string[]) => boolean;

/**
 * The spec files that paths name: a file itself, and of a folder the `.lua` files in it whose names match, in order,
 * without those that are hidden or in hidden folders.
 * @throws what the file system throws; LuaError for what is no Lua pattern
 */
export function specFiles(paths: readonly string[], options: SpecFilesOptions = {}): string[] {
	const { patterns = ["_spec"], excludedPatterns = [], recursive = true } = options;
	const isSpec = runFile(createState(), join(packageRoot(), "lua", "busted", "names.lua")) as IsSpec;
	return paths.flatMap((path) => {
		if (!statSync(path).isDirectory()) {
			return [path];
		}
		return readdirSync(path, { recursive, encoding: "utf8" })
			.filter((name) => name.endsWith(".lua") && !name.split("/").some((part) => part.startsWith(".")))
			.filter((name) => isSpec(basename(name), patterns, excludedPatterns))
			.sort()
			.map((name) => join(path, name));
	});
}
