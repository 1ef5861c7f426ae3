import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { runSpecs } from "../../bridge/spec";
import { itWithBusted, runBusted, type NativeResult } from "./busted";
import type { SpecOptions, SpecResult } from "../../bridge/spec";

/** Files that are run together. Each of their tests says in its name how it ends: in brackets, or with success. */
interface Fixture {
	files: readonly string[];
	options?: SpecOptions;
	/** The same as options of busted's command line. */
	args?: readonly string[];
	/** How many results there are. */
	count: number;
}

const fixtures: readonly Fixture[] = [
	{ files: ["verdicts.lua"], count: 40 },
	{ files: ["hooks.lua"], count: 17 },
	{ files: ["failing_hooks.lua"], count: 41 },
	{ files: ["words.lua"], count: 34 },
	{ files: ["exposing.lua", "insulation.lua", "insulation_after.lua"], count: 21 },
	{ files: ["assertions.lua"], count: 347 },
	{ files: ["comparison.lua"], count: 18 },
	{ files: ["spies.lua"], count: 50 },
	{ files: ["matchers.lua"], count: 15 },
	{ files: ["custom.lua"], count: 14 },
	{ files: ["messages.lua"], count: 9 },
	{ files: ["lazy.lua"], options: { lazy: true }, args: ["--lazy"], count: 2 },
	{ files: ["tags.lua"], count: 8 },
	{ files: ["tags.lua"], options: { tags: ["net"] }, args: ["--tags", "net"], count: 4 },
	{ files: ["tags.lua"], options: { tags: ["slow"] }, args: ["--tags", "slow"], count: 5 },
	{ files: ["tags.lua"], options: { tags: ["storage", "none"] }, args: ["--tags", "storage,none"], count: 2 },
	{ files: ["tags.lua"], options: { excludeTags: ["slow"] }, args: ["--exclude-tags", "slow"], count: 3 },
	{
		files: ["tags.lua"], options: { tags: ["net"], excludeTags: ["storage"] },
		args: ["--tags", "net", "--exclude-tags", "storage"], count: 3,
	},
	{
		files: ["tags.lua"], options: { filter: ["deep", "^two"] }, args: ["--filter", "deep", "--filter", "^two"],
		count: 5,
	},
	{ files: ["tags.lua"], options: { filterOut: ["tagged"] }, args: ["--filter-out", "tagged"], count: 3 },
];

describe.each(fixtures.map((fixture) => [titleOf(fixture), fixture] as const))("%s", (_, fixture) => {
	const { files, options, args, count } = fixture;
	const paths = files.map((file) => join(import.meta.dirname, "fixtures", file));
	const results = runSpecs(paths, options);

	it("ends as it says", () => {
		expect(results.filter((result) => result.status !== stated(result)).map(lineOf)).toEqual([]);
		expect(results).toHaveLength(count);
	});

	itWithBusted("ends as under busted", () => {
		const native = runBusted(paths, args);
		expect(results.map(lineOf)).toEqual(native.map(lineOf));
		expect(problemLines(results, paths)).toEqual(problemLines(native, paths));
	});
});

function titleOf({ files, args = [] }: Fixture): string {
	return [...files, ...args].join(" ");
}

/** How a test, or a part of a block that fails, is to end. Nothing in a block that fails says more than the block. */
function stated({ names }: SpecResult): string {
	const name = names.filter((part) => /\[(failure|error|pending)\]/.test(part)).at(-1);
	return /\[(failure|error|pending)\]/.exec(name ?? "")?.[1] ?? "success";
}

function lineOf({ status, kind, names, line }: SpecResult | NativeResult): string {
	return `${line ?? ""}: ${kind} ${names.join(" > ")}: ${status}`;
}

/** Where things went wrong, if it is in a fixture: where nothing of it is on the stack, busted names its own start. */
function problemLines(results: readonly (SpecResult | NativeResult)[], paths: readonly string[]): string[] {
	return results.flatMap((result) => result.problems.map(({ status, file, line }) => {
		const isInFixture = paths.some((path) => file?.replace("@", "") === path);
		return `${lineOf(result)}: ${status}${isInFixture ? ` in line ${line}` : ""}`;
	}));
}
