import { judgeLanes, lanesToRun } from "./comparison";
import { isReal } from "../lanes/lane";
import { RecordingError } from "../lanes/recorded";
import { runOnLane } from "../lanes/run";
import { ServerPool } from "../prosody/pool";
import type { LaneName } from "../lanes/lane";
import type { LaneResult } from "./comparison";
import type { LaneRun } from "../lanes/run";
import type { Places } from "../lanes/originals";
import type { Scenario } from "../scenario";
import type { ScenarioFile } from "./scenario-files";

/** What scenarios were compared on. */
export interface ComparedLanes {
	/** The reference first. */
	lanes: readonly LaneName[];
	/** The modules that each of them had from upstream, without `mod_`; none if absent. */
	upstream?: readonly string[];
}

/** How one scenario went on every lane. */
export interface ScenarioResult extends ScenarioFile {
	results: LaneResult[];
}

/**
 * Runs scenarios on several lanes, and compares what went out.
 * @param lanes the reference first
 * @param onProgress told in a few words what is being done
 */
export async function compareScenarios(
	files: readonly ScenarioFile[], lanes: readonly LaneName[], where: Places, onProgress: (text: string) => void,
): Promise<ScenarioResult[]> {
	const runs = await runAll(files, lanes, where, onProgress);
	return files.map((file, index) => ({ ...file, results: judgeLanes(file, lanes, where, runs[index]!) }));
}

/** Runs every scenario on every lane that it is to be run on. @returns for each scenario how it went, by lane */
async function runAll(
	files: readonly ScenarioFile[], lanes: readonly LaneName[], where: Places, onProgress: (text: string) => void,
): Promise<Map<LaneName, LaneRun>[]> {
	const plan = files.flatMap((file, index) => {
		return [...lanesToRun(file.scenario, lanes, where)].map((lane) => ({ ...file, index, lane }));
	});
	const runs = files.map(() => new Map<LaneName, LaneRun>());
	let done = 0;
	const run = async ({ scenario, label, index, lane }: typeof plan[number], servers?: ServerPool): Promise<void> => {
		onProgress(`${done}/${plan.length} ${label} on ${lane}`);
		runs[index]!.set(lane, await runOrUnknown(scenario, lane, where, servers));
		done++;
	};
	for (const planned of plan.filter(({ lane }) => !isReal(lane))) await run(planned);
	// Afterwards, as simulated lanes would keep clients of a real server from acknowledging in time.
	const servers = new ServerPool();
	try {
		await Promise.all(plan.filter(({ lane }) => isReal(lane)).map((planned) => run(planned, servers)));
	} finally {
		await servers.close();
	}
	return runs;
}

/** How a scenario goes; a recording that cannot be used is no reason to leave out the other scenarios. */
async function runOrUnknown(
	scenario: Scenario, lane: LaneName, where: Places, servers?: ServerPool,
): Promise<LaneRun> {
	try {
		return await runOnLane(scenario, lane, where, servers);
	} catch (error) {
		if (!(error instanceof RecordingError)) throw error;
		const { message } = error;
		return { log: [], recording: { entries: [], ids: new Set() }, failure: { message }, isUnknown: true };
	}
}
