import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { tmpdir } from "node:os";
import { bytesToText } from "../../bridge/native/bytes";

/** The libraries of a Prosody that run in Lua on this machine. */
export interface NativeProsody {
	libraries: string;
}

const roots = ["/", ...(process.env.PROSODY_ROOTS ?? "").split(":").filter((root) => root !== "")];

/** Libraries that tell releases of Prosody apart. */
const TELLING = ["util/format.lua", "util/stanza.lua", "util/cache.lua", "core/storagemanager.lua"];

function hasLibrariesOf(tree: string, libraries: string): boolean {
	return TELLING.every((path) => {
		const [own, installed] = [join(tree, path), join(libraries, path)];
		return existsSync(own) && existsSync(installed) && readFileSync(own).equals(readFileSync(installed));
	});
}

function environment(libraries: string): NodeJS.ProcessEnv {
	return { ...process.env, LUA_PATH: `${libraries}/?.lua;;`, LUA_CPATH: `${libraries}/?.so;;` };
}

function runs(libraries: string): boolean {
	const load = ["-e", 'require "util.encodings"'];
	return spawnSync("lua5.4", load, { env: environment(libraries) }).status === 0;
}

/** A Prosody of the release that the source tree is of, and busted to run specs on it; nil if either is missing. */
export function findNative(tree: string): NativeProsody | undefined {
	if (spawnSync("busted", ["--version"]).status !== 0) return undefined;
	return roots.map((root) => ({ libraries: join(root, "usr/lib/prosody") }))
		.find(({ libraries }) => hasLibrariesOf(tree, libraries) && runs(libraries));
}

/**
 * Runs a spec of the tree under busted, with Prosody's own libraries.
 * @returns `full name: verdict` of each test
 */
export function runNatively(
	{ libraries }: NativeProsody, tree: string, spec: string, excludedTags: readonly string[],
): string[] {
	// Specs write into the working directory, which shall not be the tree.
	const folder = mkdtempSync(join(tmpdir(), "prosody-spec-"));
	try {
		for (const name of readdirSync(tree)) symlinkSync(join(resolve(tree), name), join(folder, name));
		const output = bytesToText(execFileSync("busted", [
			"--run=_all", "--lua=lua5.4", `--output=${join(import.meta.dirname, "native/verdicts.lua")}`,
			`--exclude-tags=${excludedTags.join(",")}`, spec,
		], { cwd: folder, env: environment(libraries) }));
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
