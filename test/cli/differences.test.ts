import { describe, expect, it } from "vitest";
import { join, relative, sep } from "node:path";
import { readFileSync } from "node:fs";
import { modules } from "../../modules";
import { packageRoot } from "../../bridge/package-root";
import { readScenarios } from "../../bridge/cli/scenario-files";

const spec = join(packageRoot(), "spec");

/** The scenarios that are said to show each difference, in `spec/DIFFERENCES.md`. */
function explained(): Map<string, string[]> {
	const [, ...parts] = readFileSync(join(spec, "DIFFERENCES.md"), "utf8").split(/^## +(\S+)\s*$/m);
	const ids = parts.filter((_, index) => index % 2 === 0);
	return new Map(ids.map((id, index) => {
		const [first = ""] = parts[index * 2 + 1]!.trim().split(/\n\n+/);
		const scenarios = /^Scenarios?:/.test(first) ? [...first.matchAll(/`([^`]+\.scs)`/g)].map(([, path]) => path!) : [];
		return [id, scenarios.sort()];
	}));
}

/** The scenarios that name each difference, below `spec/scenarios`. */
function tagged(): Map<string, string[]> {
	const named = new Map<string, string[]>();
	for (const { scenario: { file, knownDifferences } } of readScenarios([])) {
		for (const id of new Set(knownDifferences.map((difference) => difference.id))) {
			named.set(id, [...named.get(id) ?? [], relative(join(spec, "scenarios"), file).split(sep).join("/")]);
		}
	}
	return new Map([...named].map(([id, files]) => [id, files.sort()]));
}

describe("spec/DIFFERENCES.md", () => {
	it("names the scenarios that show each difference", () => {
		const inOrder = (map: Map<string, string[]>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
		expect(inOrder(explained())).toEqual(inOrder(tagged()));
	});

	it("begins the IDs of differences with the module, save of mod_cloud_notify", () => {
		for (const [id, files] of tagged()) {
			for (const file of files.filter((name) => !name.startsWith("cloud_notify/"))) {
				const folder = file.split("/")[0]!;
				// That one loads others, which differ as they do alone.
				const expected = folder === "cloud_notify_extensions" ? Object.keys(modules) : [folder];
				expect(expected, file).toContain(id.replace(/-.*/, ""));
			}
		}
	});
});
