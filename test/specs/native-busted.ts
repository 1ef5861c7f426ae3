import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { tmpdir } from "node:os";
import { bytesToText } from "../../bridge/native/bytes";
import { prosodyRoots } from "../prosody-here";

/** Prosody's own libraries, as they run in Lua on this machine. */
export interface NativeProsody {
	libraries: string;
	/** Where those are that Prosody writes in C. */
	inC: string;
	/** Whether these are of the same release. */
	isWhole: boolean;
}

/** Libraries that tell releases of Prosody apart. */
const TELLING = ["util/format.lua", "util/stanza.lua", "util/cache.lua", "core/storagemanager.lua"];

function hasLibrariesOf(tree: string, libraries: string): boolean {
	return TELLING.every((path) => {
		const [own, installed] = [join(tree, path), join(libraries, path)];
		return existsSync(own) && existsSync(installed) && readFileSync(own).equals(readFileSync(installed));
	});
}

function environment({ libraries, inC }: Pick<NativeProsody, "libraries" | "inC">): NodeJS.ProcessEnv {
	return { ...process.env, LUA_PATH: `${libraries}/?.lua;;`, LUA_CPATH: `${inC}/?.so;;` };
}

function runs(libraries: string): boolean {
	const load = ["-e", 'require "util.encodings"'];
	return spawnSync("lua5.4", load, { env: environment({ libraries, inC: libraries }) }).status === 0;
}

/**
 * A Prosody of the release that the source tree is of, and busted to run specs on it. Where that release is not
 * installed, it is the tree's own libraries, with those in C of another that is. Nil if there is none, or no busted.
 */
export function findNative(tree: string): NativeProsody | undefined {
	if (spawnSync("busted", ["--version"]).status !== 0) return undefined;
	const installed = prosodyRoots.map((root) => join(root, "usr/lib/prosody")).filter(runs);
	const own = installed.find((libraries) => hasLibrariesOf(tree, libraries));
	if (own !== undefined) return { libraries: own, inC: own, isWhole: true };
	const [inC] = installed;
	return inC !== undefined && hasLoader(tree) ? { libraries: resolve(tree), inC, isWhole: false } : undefined;
}

/** From 13.0 on, a helper lets libraries be required by both of their names. */
function hasLoader(tree: string): boolean {
	return existsSync(join(tree, "loader.lua"));
}

/**
 * Runs a spec of the tree under busted, with Prosody's own libraries.
 * @returns `full name: verdict` of each test
 */
export function runNatively(
	native: NativeProsody, tree: string, spec: string, excludedTags: readonly string[],
): string[] {
	// Specs write into the working directory, which shall not be the tree.
	const folder = mkdtempSync(join(tmpdir(), "prosody-spec-"));
	try {
		for (const name of readdirSync(tree)) symlinkSync(join(resolve(tree), name), join(folder, name));
		const output = bytesToText(execFileSync("busted", [
			"--run=_all", "--lua=lua5.4", `--output=${join(import.meta.dirname, "native/verdicts.lua")}`,
			`--exclude-tags=${excludedTags.join(",")}`, ...hasLoader(tree) ? ["--helper=loader"] : [], spec,
		], { cwd: folder, env: environment(native) }));
		return output.split("\n").flatMap((line) => {
			const [verdict, , name] = line.split("\t");
			return name !== undefined && ["success", "failure", "error", "pending"].includes(verdict!)
				? [`${name}: ${verdict}`]
				: [];
		});
	} finally {
		rmSync(folder, { recursive: true });
	}
}
