import { basename, dirname, join, resolve } from "node:path";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { digestOf, readRecorded, runOf } from "./recorded-file";
import { findOriginal, newestSeries } from "./originals";
import { firstLine } from "./failure";
import type { LaneName } from "./lane";
import type { LaneRun } from "./run";
import type { Places } from "./originals";
import type { RecordedFile } from "./recorded-file";
import type { Scenario } from "../scenario";
import type { Series } from "../api";

/** The lane whose runs are recorded: it needs nothing but the upstream files, and goes the same way each time. */
export const RECORDED_LANE: LaneName = "original@fengari";

/** A recording that cannot be used or made: one line that says which, why, and what to do. */
export class RecordingError extends Error {
	override readonly name = "RecordingError";
}

/** Where a scenario's recording is, in a folder of them: `MODULES/NAME.json`. */
export function recordingPath({ file, modules }: Scenario, folder: string): string {
	return join(folder, modules.join("+"), `${basename(file, ".scs")}.json`);
}

/**
 * The recording of a scenario, for want of an upstream file: if all are there, they are run.
 * @returns undefined if there is none, or no need of one; what is wrong if there is something else in its place
 */
export function findRecording(
	scenario: Scenario, { recorded: folder, ...places }: Places,
): RecordedFile | RecordingError | undefined {
	if (folder === undefined || areThere(scenario.modules, places)) {
		return undefined;
	}
	const path = recordingPath(scenario, folder);
	const file = existsSync(path) ? recordingAt(path) : undefined;
	return file instanceof RecordingError || (file && scenarioOf(file, path) === resolve(scenario.file)) ? file : undefined;
}

/** Whether a recording is to be shown instead of a run. */
export function isRecorded(scenario: Scenario, lane: LaneName, places: Places): boolean {
	return lane === RECORDED_LANE && findRecording(scenario, places) !== undefined;
}

/**
 * The recorded run of a scenario on a lane; undefined if it is to be run.
 * @throws RecordingError if the scenario says something else than it did, or the recording is damaged
 */
export function recordedRun(scenario: Scenario, lane: LaneName, places: Places): LaneRun | undefined {
	const file = lane === RECORDED_LANE ? findRecording(scenario, places) : undefined;
	if (!file) {
		return undefined;
	}
	if (file instanceof RecordingError) {
		throw file;
	}
	if (file.script !== digestOf(readFileSync(scenario.file, "utf8"))) {
		throw new RecordingError(`${recordingPath(scenario, places.recorded!)} is a recording of what ${scenario.file} was before it `
			+ `changed: record it again with mod_${scenario.modules.join(" and mod_")} of ${file.revision} (prosody-push record)`);
	}
	return runOf(file, scenario);
}

/** The Prosody that a scenario's upstream modules are for; undefined if they do not tell, or are not there. */
export function originalSeries(scenario: Scenario, places: Places): Series | undefined {
	const recording = findRecording(scenario, places);
	return recording && !(recording instanceof RecordingError) ? recording.series : newestSeries(scenario.modules, places);
}

function areThere(modules: readonly string[], places: Places): boolean {
	return modules.every((name) => findOriginal(name, places));
}

/** The recordings that can be shown for want of upstream files. */
export function recordingsInstead({ recorded: folder, ...places }: Places): RecordedFile[] {
	const all = folder === undefined ? [] : [...recordingsIn(folder).values()];
	return all.filter(({ originals }) => !areThere(Object.keys(originals), places));
}

/**
 * All recordings in a folder, by their paths.
 * @throws RecordingError if one is something else
 */
export function recordingsIn(folder: string): Map<string, RecordedFile> {
	const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
	const paths = names.filter((name) => name.endsWith(".json")).sort().map((name) => join(folder, name));
	return new Map(paths.map((path) => {
		const file = recordingAt(path);
		if (file instanceof RecordingError) throw file;
		return [path, file];
	}));
}

/** A recording, or what is wrong with what lies there. */
export function recordingAt(path: string): RecordedFile | RecordingError {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (error) {
		return new RecordingError(`${path} cannot be read as a recording: ${firstLine(error)}`);
	}
	return readRecorded(text)
		?? new RecordingError(`${path} is no recording: remove it, or record its scenario again (prosody-push record)`);
}

/** The file of the scenario that the recording at a path is of. */
export function scenarioOf({ scenario }: RecordedFile, path: string): string {
	return resolve(dirname(path), scenario);
}
