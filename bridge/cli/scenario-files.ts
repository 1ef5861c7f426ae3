import { CommandError, withFile } from "./errors";
import { isAbsolute, join, relative, sep } from "node:path";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { modules as ourModules } from "../../modules";
import { packageRoot } from "../package-root";
import { parseScenario } from "../scenario";
import { sourceOnLane } from "../lanes/applies";
import type { LaneName } from "../lanes/lane";
import type { Places } from "../lanes/originals";
import type { Scenario } from "../scenario";

/** A scenario that was read, and what to call it. */
export interface ScenarioFile {
	scenario: Scenario;
	/** Short, for tables: the path within the folder that was named, else the path as it was named. */
	label: string;
}

interface Named {
	path: string;
	label: string;
}

/**
 * Reads scenarios: of a folder, all `.scs` files in it and below. The first that cannot be read ends it.
 * @throws CommandError, ScenarioError
 */
export function readScenarios(paths: readonly string[]): ScenarioFile[] {
	return paths.flatMap(filesAt).map(({ path, label }) => {
		const source = withFile(path, "read", () => readFileSync(path));
		return { scenario: parseScenario(path, source), label };
	});
}

function filesAt(path: string): Named[] {
	const isFolder = withFile(path, "read", () => statSync(path).isDirectory());
	if (!isFolder) {
		return [{ path, label: path }];
	}
	const entries = withFile(path, "read", () => readdirSync(path, { recursive: true, encoding: "utf8" }));
	const scripts = entries.filter((name) => name.endsWith(".scs")).sort();
	if (scripts.length === 0) {
		throw new CommandError(`${path} holds no scenario: expected files that end in .scs`);
	}
	return scripts.map((name) => ({ path: join(path, name), label: name }));
}

/** The folder of the package's own scenarios, as seen from the working directory if it lies there. */
export function ownScenarios(): string {
	const folder = join(packageRoot(), "spec", "scenarios");
	const near = relative(process.cwd(), folder);
	return isBelow(near) ? near : folder;
}

/**
 * Checks that the package explains every known difference of its own scenarios: `## ID` in `spec/DIFFERENCES.md`.
 * @throws CommandError
 */
export function checkExplained(files: readonly ScenarioFile[]): void {
	const folder = join(packageRoot(), "spec", "scenarios");
	const named = files.flatMap(({ scenario: { file, knownDifferences } }) => {
		return isBelow(relative(folder, file)) ? knownDifferences.map(({ id }) => ({ id, file })) : [];
	});
	if (named.length === 0) {
		return;
	}
	const path = join(packageRoot(), "spec", "DIFFERENCES.md");
	const text = withFile(path, "read", () => readFileSync(path, "utf8"));
	const explained = new Set([...text.matchAll(/^##\s+(\S+)\s*$/gm)].map(([, id]) => id));
	const missing = named.find(({ id }) => !explained.has(id));
	if (missing) {
		throw new CommandError(`${missing.file}: the known difference ${missing.id} has no heading in ${path}`);
	}
}

/**
 * Checks that every module under test is there on one of the lanes at least.
 * @throws CommandError
 */
export function checkModules(files: readonly ScenarioFile[], lanes: readonly LaneName[], places: Places): void {
	for (const { scenario: { file, modules } } of files) {
		const absent = modules.find((name) => lanes.every((lane) => !sourceOnLane(name, lane, places)));
		if (absent !== undefined) {
			const ours = Object.keys(ourModules).join(", ");
			throw new CommandError(`${file}: no module ${absent} on ${lanes.join(" or ")}: prosody-push has ${ours}, `
				+ "and --original names a file or a folder of upstream modules");
		}
	}
}

function isBelow(path: string): boolean {
	return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
