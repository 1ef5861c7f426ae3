import { dirname, relative, resolve, sep } from "node:path";
import { existsSync, readFileSync } from "node:fs";
import { digestOf, recordedText, sha256 } from "./recorded-file";
import { findOriginal, newestSeries } from "./originals";
import { recordingAt, RECORDED_LANE, RecordingError, recordingPath, scenarioOf } from "./recorded";
import { runOnLane } from "./run";
import type { LaneRun } from "./run";
import type { Places } from "./originals";
import type { Scenario } from "../scenario";

/** A scenario's recording that is not written yet. */
export interface NewRecording {
	/** How it went. */
	run: LaneRun;
	path: string;
	text: string;
}

/**
 * Records a scenario, whose upstream modules must be there.
 * @param folder of recordings
 * @param revision of these modules, for people
 * @throws RecordingError if a recording would be of no use, CannotRun
 */
export async function record(
	scenario: Scenario, places: Places, folder: string, revision: string,
): Promise<NewRecording> {
	const path = recordingPath(scenario, folder);
	const existing = existsSync(path) ? recordingAt(path) : undefined;
	// What is no recording any more is recorded again.
	const other = existing && !(existing instanceof RecordingError) ? scenarioOf(existing, path) : undefined;
	if (other !== undefined && other !== resolve(scenario.file) && existsSync(other)) {
		throw new RecordingError(`${path} is the recording of ${other}: give ${scenario.file} another name`);
	}
	const live = { ...places, recorded: undefined };
	const originals = scenario.modules.map((name) => [name, findOriginal(name, live)!] as const);
	const recorded = {
		scenario: relative(dirname(path), scenario.file).split(sep).join("/"),
		script: digestOf(readFileSync(scenario.file, "utf8")),
		revision,
		series: newestSeries(scenario.modules, live),
		originals: Object.fromEntries(originals.map(([name, original]) => [name, sha256(readFileSync(original.path))])),
	};
	const paths = originals.map(([, original]) => original.path);
	const perform = async (): Promise<NewRecording> => {
		const run = await runOnLane(scenario, RECORDED_LANE, live);
		return { run, path, text: recordedText(recorded, scenario, run, paths) };
	};
	const recording = await perform();
	const { failure } = recording.run;
	if (failure && failure.line === undefined) {
		throw new RecordingError(`${scenario.file} cannot be recorded: ${failure.message}`);
	}
	if ((await perform()).text !== recording.text) {
		throw new RecordingError(`${scenario.file} cannot be recorded: it does not go the same way twice`);
	}
	return recording;
}
