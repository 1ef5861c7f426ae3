/*
 * Prosody's own specs of the libraries that lua/ has, unchanged, on our libraries: of each source tree of Prosody that
 * PROSODY_SPECS names (folders separated by colons).
 */

import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { runSpecs } from "../../bridge/spec";
import type { SpecResult } from "../../bridge/spec";
import { errorOf } from "./errors";
import { itLacks, listed } from "../prosody-here";
import { findNative, runNatively } from "./native-busted";

const root = join(import.meta.dirname, "../..");
const trees = listed(process.env.PROSODY_SPECS);

/** What Prosody has in C, and we in JavaScript. */
const NATIVES = ["encodings", "hashes", "crypto", "random", "time", "net", "strbitop"].map((name) => `util_${name}`);

/** Of a spec's file, which is named by its library: core_storagemanager of core.storagemanager. */
const libraries = new Set([
	...readdirSync(join(root, "lua"), { encoding: "utf8", recursive: true })
		.filter((path) => path.endsWith(".lua"))
		.map((path) => path.replace(/\.lua$/, "").replaceAll("/", "_")),
	...NATIVES,
]);

/** What Prosody's own .busted leaves out, but of stores only those that need a database. */
const EXCLUDED_TAGS = ["mod_bosh", "SLOW", "sql"];

/** 13.0 has a loader that 0.12 has not. */
function seriesOf(tree: string): "0.12" | "13.0" {
	return existsSync(join(tree, "loader.lua")) ? "13.0" : "0.12";
}

/**
 * Tests that fail, and must. 13.0 changed what `%q` of util.format writes, and its spec expects the new text for the
 * very arguments for which 0.12's expects the old one; ours writes the new.
 */
const CONTRADICTED: Record<string, readonly string[]> = {
	"0.12": [
		"util.format #format() should work",
		"util.format #format() function to %q works",
		"util.format #format() thread to %q works",
		"util.format #format() table to %q works",
	],
	"13.0": [],
};

/** Tests that specs have under Lua 5.4 only, by those that they have in their place under older ones. */
const BY_LUA_VERSION: Record<string, string> = {
	"util.format #format() does something with %p formats": "util.format #format() handles %p formats",
};

// Specs require their inputs, such as spec.inputs.test_keys; no library of the tree may come along.
const inputs = mkdtempSync(join(tmpdir(), "prosody-spec-"));
afterAll(() => rmSync(inputs, { recursive: true }));

/** Specs of 13.0 for what only its own libraries in C can do. */
const NEED_OWN_C: ReadonlySet<string> = new Set([
	"core_moduleapi", "core_storagemanager", "util_array", "util_crypto", "util_hashes", "util_ip", "util_jwt",
	"util_strbitop", "util_table",
]);

interface Spec {
	library: string;
	/** In the tree. */
	path: string;
}

function specsIn(tree: string): Spec[] {
	return readdirSync(join(tree, "spec")).filter((name) => name.endsWith(".lua")).sort()
		// One of 0.12's lacks the ending by which busted finds the others.
		.map((name) => ({ path: join("spec", name), library: name.replace(/(_spec)?\.lua$/, "") }))
		.filter(({ library }) => libraries.has(library));
}

function run(tree: string, { path }: Spec): SpecResult[] {
	rmSync(join(inputs, "spec"), { force: true });
	symlinkSync(resolve(tree, "spec"), join(inputs, "spec"));
	const before = process.cwd();
	process.chdir(tree);
	try {
		return runSpecs([path], { excludeTags: EXCLUDED_TAGS, isolated: true, lpath: join(inputs, "?.lua") });
	} finally {
		process.chdir(before);
	}
}

function nameOf({ names }: SpecResult): string {
	return names.join(" ");
}

function isTest({ kind }: SpecResult): boolean {
	return kind === "it" || kind === "pending";
}

/** Verdicts by the tests' names; some have the same name. */
function verdictsOf(results: readonly SpecResult[]): string[] {
	return results.filter(isTest).map((result) => {
		const name = nameOf(result);
		return `${BY_LUA_VERSION[name] ?? name}: ${result.status}`;
	}).sort();
}

function reportTest(result: SpecResult, mustFail: boolean): void {
	it(nameOf(result), (context) => {
		if (result.status === "pending") context.skip(result.problems[0]?.message);
		if (mustFail) expect(result.status, "is listed as contradicted, and does not fail").toBe("failure");
		else if (result.status !== "success") throw errorOf(result.problems);
	});
}

describe.each(trees)("%s", (tree) => {
	const series = seriesOf(tree);
	const native = findNative(tree);
	describe.each(specsIn(tree))("$path", (spec) => {
		const results = run(tree, spec);
		const contradicted = CONTRADICTED[series]!;
		for (const result of results.filter(isTest)) reportTest(result, contradicted.includes(nameOf(result)));

		it("has no error outside of its tests", () => {
			expect(results.filter((result) => !isTest(result))).toEqual([]);
		});

		if (native && (native.isWhole || !NEED_OWN_C.has(spec.library))) {
			it("has the verdicts of busted with Prosody's own libraries", () => {
				const expected = runNatively(native, tree, spec.path, EXCLUDED_TAGS)
					.map((verdict) => {
						const failsHere = contradicted.some((name) => verdict.startsWith(`${name}: `));
						return failsHere ? verdict.replace(/: success$/, ": failure") : verdict;
					});
				expect(verdictsOf(results)).toEqual(expected.sort());
			});
		}
	});

	if (!native) {
		itLacks("no busted here, or no Prosody whose libraries run", "has the verdicts of busted with Prosody's own libraries");
	}
});

if (trees.length === 0) {
	const name = "Prosody's own specs pass";
	const unavailable = process.env.PROSODY_SPECS_LACKING;
	if (unavailable) it(name, (context) => context.skip(unavailable));
	else itLacks("no source tree of Prosody: PROSODY_SPECS names none", name);
}
