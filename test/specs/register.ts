import { describe, it } from "vitest";
import { relative } from "node:path";
import { runSpecs } from "../../bridge/spec";
import { specTree, type SpecBlock } from "./tree";
import { errorOf } from "./errors";
import type { SpecResult } from "../../bridge/spec";

/**
 * Runs a spec file, and makes each of its tests one of vitest's, which ends as it did. They have run by then: what a
 * block does when it is reached may depend on the tests before it.
 */
export function registerSpec(path: string): void {
	// Lua shortens long paths in messages.
	const spec = relative(process.cwd(), path);
	register(specTree(runSpecs([spec])));
}

function register(block: SpecBlock): void {
	for (const child of block.children) {
		if ("children" in child) {
			describe(child.name, () => register(child));
		} else {
			it(child.names.at(-1) ?? `the ${child.kind}`, (context) => report(child, context.skip));
		}
	}
}

/** Ends a test as it ended in Lua. */
function report({ status, problems }: SpecResult, skip: (reason?: string) => void): void {
	if (status === "success") {
		return;
	}
	if (status === "pending") {
		return skip(problems[0]?.message);
	}
	throw errorOf(problems);
}
