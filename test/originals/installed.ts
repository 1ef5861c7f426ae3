import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { it } from "vitest";
import { findOriginal } from "../../bridge/lanes/originals";
import type { Original } from "../../bridge/lanes/originals";
import type { Series } from "../../bridge/server/series";
import { itLacks, itUnlessLacking, prosodyRoots } from "../prosody-here";

export interface OriginalTestOptions {
	/** The only series whose original is tested. */
	series?: Series;
	/** In milliseconds; vitest's own if absent. */
	timeout?: number;
}

/**
 * A test of each upstream file of a module that can be found. With none it is skipped, saying so; where
 * `PROSODY_REQUIRED` is set, it fails instead.
 * @param module without `mod_`
 */
export function itWithOriginals(
	module: string, name: string, test: (original: Original) => void | Promise<void>,
	{ series, timeout }: OriginalTestOptions = {},
): void {
	const found = prosodyRoots.flatMap((prosodyRoot) => findOriginal(module, { prosodyRoot }) ?? []);
	const originals = found.filter((original) => series === undefined || original.series === series);
	if (originals.length > 0) {
		for (const original of originals) {
			it(`${name} (mod_${module} of ${original.series ?? "any series"})`, () => test(original), timeout);
		}
	} else {
		itLacks(`no Prosody${series === undefined ? "" : ` ${series}`} with mod_${module} here`, name);
	}
}

/** A Prosody whose libraries run in Lua on this machine. */
export interface RunningProsody {
	root: string;
}

/** A test of Prosody's own datamanager, where its libraries run; skipped as above. */
export function itWithDatamanager(name: string, test: (prosody: RunningProsody) => void): void {
	const prosody = prosodyRoots.map((root) => ({ root })).find((candidate) => {
		try {
			runInProsody(candidate, "/nonexistent", "");
			return true;
		} catch {
			return false;
		}
	});
	const lacking = prosody === undefined ? "no Prosody whose libraries run in lua5.4 here" : undefined;
	itUnlessLacking(lacking, name, () => test(prosody!));
}

/**
 * Runs Lua with Prosody's libraries; its datamanager is `dm`.
 * @param data the data directory, `arg[1]`; further arguments follow
 * @returns what it wrote to standard output
 */
export function runInProsody({ root }: RunningProsody, data: string, script: string, ...args: string[]): string {
	const libraries = join(root, "usr/lib/prosody");
	const prelude = `
		package.path = ${JSON.stringify(`${libraries}/?.lua;`)}..package.path;
		package.cpath = ${JSON.stringify(`${libraries}/?.so;`)}..package.cpath;
		arg = { ... };
		dm = require "util.datamanager";
		dm.set_data_path(arg[1]);
	`;
	return execFileSync("lua5.4", ["-", data, ...args], {
		input: prelude + script, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"],
	});
}
