import { join } from "node:path";
import { it } from "vitest";
import { spawnSync } from "node:child_process";
import type { SpecResult } from "../../bridge/spec";

const isInstalled = spawnSync("busted", ["--version"]).status === 0;

/** What busted itself makes of a test, without what only our runner tells. */
export type NativeResult = Omit<SpecResult, "spec" | "file" | "problems"> & {
	readonly problems: readonly { status: string; message?: string; file?: string; line?: number }[];
};

/** Runs busted itself on spec files. @param args options of its command line */
export function runBusted(files: readonly string[], args: readonly string[] = []): NativeResult[] {
	const { stdout, stderr } = spawnSync("busted", ["-o", join(import.meta.dirname, "native.lua"), ...args, ...files], {
		encoding: "utf8", maxBuffer: 1 << 26, timeout: 60_000,
	});
	if (!stdout.startsWith("[")) {
		throw new Error(`busted gave no results: ${stdout}${stderr}`);
	}
	return JSON.parse(stdout.slice(0, stdout.lastIndexOf("]") + 1)) as NativeResult[];
}

/**
 * A test that needs busted. Where it is not installed the test is skipped, saying so; where `PROSODY_REQUIRED` is set,
 * it fails instead.
 */
export function itWithBusted(name: string, test: () => void): void {
	const lacking = "busted is not installed here (Debian's lua-busted)";
	if (isInstalled) {
		it(name, test);
	} else if (process.env.PROSODY_REQUIRED) {
		it(name, () => {
			throw new Error(`${lacking}, and PROSODY_REQUIRED is set`);
		});
	} else {
		it(name, (context) => context.skip(lacking));
	}
}
