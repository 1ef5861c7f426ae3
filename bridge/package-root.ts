import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";

let found: string | undefined;

/** The folder of this package, with `lua/` and `spec/` in it: above the sources, and above the build of them. */
export function packageRoot(): string {
	found ??= findAbove(dirname(fileURLToPath(import.meta.url)));
	return found;
}

function findAbove(start: string): string {
	for (let folder = start; ; folder = dirname(folder)) {
		if (isPackage(folder)) {
			return folder;
		}
		if (folder === dirname(folder)) {
			throw new Error(`prosody-push is not installed whole: no package.json of its own above ${start}`);
		}
	}
}

function isPackage(folder: string): boolean {
	try {
		return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).name === "prosody-push";
	} catch {
		return false;
	}
}
