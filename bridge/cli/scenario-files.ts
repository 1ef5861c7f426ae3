import { CommandError, EXIT, withFile } from "./errors";
import { join, relative } from "node:path";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { asSeenFromHere, isBelow } from "./seen-from-here";
import { findRecording, isRecorded, RecordingError } from "../lanes/recorded";
import { laneStatuses } from "../lanes/status";
import { modules as ourModules } from "../../modules";
import { packageRoot } from "../package-root";
import { parseScenario } from "../scenario";
import { moduleMissing, reasonNotToRun } from "../lanes/applies";
import { simulatedModules } from "../lanes/simulated";
import { sourceOnLane } from "../lanes/sources";
import type { LaneName } from "../lanes/lane";
import type { LaneStatus } from "../lanes/status";
import type { Places } from "../lanes/originals";
import type { Scenario } from "../scenario";

const OWN_SCENARIOS = join("spec", "scenarios");

/** A scenario that was read, and what to call it. */
export interface ScenarioFile {
	scenario: Scenario;
	/** For tables: the path as it was named, of the package's own scenarios the path among them. */
	label: string;
	/** Whether it is one of the package's own. */
	isOwn: boolean;
}

/**
 * Reads scenarios: of a folder, all `.scs` files in it and below. The first that cannot be read ends it.
 * @param paths those of the package if empty
 * @throws CommandError, ScenarioError
 */
export function readScenarios(paths: readonly string[]): ScenarioFile[] {
	const folder = join(packageRoot(), OWN_SCENARIOS);
	const named = paths.length > 0 ? paths : [asSeenFromHere(folder)];
	return named.flatMap(filesAt).map((path) => {
		const source = withFile(path, "read", () => readFileSync(path));
		const own = relative(folder, path);
		return { scenario: parseScenario(path, source), label: paths.length > 0 ? path : own, isOwn: isBelow(own) };
	});
}

function filesAt(path: string): string[] {
	const isFolder = withFile(path, "read", () => statSync(path).isDirectory());
	if (!isFolder) {
		return [path];
	}
	const entries = withFile(path, "read", () => readdirSync(path, { recursive: true, encoding: "utf8" }));
	const scripts = entries.filter((name) => name.endsWith(".scs")).sort();
	if (scripts.length === 0) {
		throw new CommandError(`${path} holds no scenario: expected files that end in .scs`);
	}
	return scripts.map((name) => join(path, name));
}

/**
 * Checks that the package explains every known difference of its own scenarios: `## ID` in `spec/DIFFERENCES.md`.
 * @throws CommandError
 */
export function checkExplained(files: readonly ScenarioFile[]): void {
	const named = files.filter(({ isOwn }) => isOwn).flatMap(({ scenario: { file, knownDifferences } }) => {
		return knownDifferences.map(({ id }) => ({ id, file }));
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

/** Whether lanes can run such scenarios here. */
export function statusesFor(files: readonly ScenarioFile[], where: Places): LaneStatus[] {
	const scenarios = files.map(({ scenario }) => scenario);
	const recordings = scenarios.flatMap((scenario) => {
		const recording = findRecording(scenario, where);
		return recording instanceof RecordingError ? { revision: "a damaged file" } : recording ?? [];
	});
	return laneStatuses(where, scenarios.flatMap(({ modules }) => modules), recordings);
}

/**
 * Checks that scenarios can be run here: that every module under test is there on one of the lanes at least, and that no lane
 * that was asked for lacks one in all scenarios that it could run.
 * @throws CommandError
 */
export async function checkScenarios(
	files: readonly ScenarioFile[], lanes: readonly LaneName[], places: Places, areAskedFor: boolean,
): Promise<void> {
	checkUpstream(files, places);
	for (const { scenario } of files) await checkTags(scenario);
	for (const lane of areAskedFor ? lanes : []) checkLane(files, lane, places);
	for (const { scenario } of files) checkPresence(scenario, lanes, places);
}

/** Of what is to come from upstream, that it can be one of the modules on a lane. */
function checkUpstream(files: readonly ScenarioFile[], { upstream }: Places): void {
	// It may be what another one depends on.
	const isKnown = (name: string): boolean => {
		return Object.hasOwn(ourModules, name) || files.some(({ scenario }) => scenario.modules.includes(name));
	};
	const unknown = upstream?.find((name) => !isKnown(name));
	if (unknown !== undefined) {
		const why = unknown.startsWith("mod_") ? "expected the name without mod_"
			: "neither one of prosody-push nor under test in a scenario";
		throw new CommandError(`--with ${unknown}: ${why}`);
	}
}

/** Of the modules that a scenario names, that each stands in the right tag, and is not there anyway. */
async function checkTags(scenario: Scenario): Promise<void> {
	const { file, modules, others } = scenario;
	const own = others.find((name) => Object.hasOwn(ourModules, name));
	if (own !== undefined) {
		throw new CommandError(`${file}: mod_${own} is one of prosody-push: write ## module: ${own}`);
	}
	const foreign = [...modules, ...others].filter((name) => !Object.hasOwn(ourModules, name));
	const simulated = foreign.length > 0 ? await simulatedModules(scenario) : new Set<string>();
	const twice = foreign.find((name) => simulated.has(name));
	if (twice !== undefined) {
		throw new CommandError(`${file}: mod_${twice} is part of the simulated server: leave the tag out`);
	}
}

/** Of a lane, that it runs one of the scenarios, unless none of them lacks a module there. */
function checkLane(files: readonly ScenarioFile[], lane: LaneName, places: Places): void {
	const reasons = files.map(({ scenario }) => ({ scenario, reason: reasonNotToRun(scenario, lane, places) }));
	if (reasons.some(({ reason }) => reason === undefined)) {
		return;
	}
	const lacks = reasons.find(({ scenario, reason }) => reason === moduleMissing(scenario, lane, places));
	if (lacks) {
		throw new CommandError(`${lacks.scenario.file}: cannot run on ${lane}: ${lacks.reason}`, EXIT.unavailable);
	}
}

/** Of the modules under test, that each is there on one of the lanes. */
function checkPresence(scenario: Scenario, lanes: readonly LaneName[], places: Places): void {
	const { file, modules } = scenario;
	const isAbsent = (name: string): boolean => lanes.every((lane) => {
		return !sourceOnLane(name, lane, { ...places, upstream: [] }) && !isRecorded(scenario, lane, places);
	});
	const absent = modules.find(isAbsent);
	if (absent !== undefined) {
		const ours = Object.keys(ourModules).join(", ");
		throw new CommandError(`${file}: no module ${absent} on ${lanes.join(" or ")}: prosody-push has ${ours}, `
			+ "and --original names a file or a folder of upstream modules");
	}
}
