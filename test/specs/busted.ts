import { join } from "node:path";
import { spawnSync } from "node:child_process";
import type { SpecResult } from "../../bridge/spec";
import { itUnlessLacking } from "../prosody-here";

const isInstalled = spawnSync("busted", ["--version"]).status === 0;

/** What busted itself makes of a test, without what only our runner tells. */
export type NativeResult = Omit<SpecResult, "spec" | "file" | "problems"> & {
	readonly problems: readonly { status: string; message?: string; file?: string; line?: number }[];
};

/** Runs busted itself on spec files. @param args options of its command line */
export function runBusted(files: readonly string[], args: readonly string[] = []): NativeResult[] {
	// Of several, Debian's alternatives choose which Lua it runs in.
	const options = ["--lua=lua5.4", "-o", join(import.meta.dirname, "native.lua")];
	const { stdout, stderr } = spawnSync("busted", [...options, ...args, ...files], {
		encoding: "utf8", maxBuffer: 1 << 26, timeout: 60_000,
	});
	if (!stdout.startsWith("[")) {
		throw new Error(`busted gave no results: ${stdout}${stderr}`);
	}
	return JSON.parse(stdout.slice(0, stdout.lastIndexOf("]") + 1)) as NativeResult[];
}

/** A test that needs busted; skipped or failed without, as `itUnlessLacking` says. */
export function itWithBusted(name: string, test: () => void): void {
	itUnlessLacking(isInstalled ? undefined : "busted is not installed here (Debian's lua-busted)", name, test);
}
