import { join } from "node:path";
import { readScenarios } from "../bridge/cli/scenario-files";
import { correctOriginals } from "../bridge/fuzz/corrected";
import { correctionsIn } from "../bridge/fuzz/correction-file";
import { fuzz } from "../bridge/fuzz/fuzz";
import type { Original, Places } from "../bridge/lanes/originals";
import { packageRoot } from "../bridge/package-root";
import type { Report } from "./figures";
import { MODULE } from "./lanes";

const STEPS = 60;

/** Measures how many random scenarios a second `prosody-push fuzz` compares with an original, as fast as time passes. */
export async function measureFuzz(
	{ series }: Original, places: Places, seconds: number, report: Report,
): Promise<void> {
	const spec = (...path: string[]): string => join(packageRoot(), "spec", ...path);
	const corrected = correctOriginals([MODULE], places, correctionsIn(spec("corrections"), [MODULE]));
	const scenarios = readScenarios([spec("scenarios", MODULE)]).map(({ scenario }) => scenario);
	let end = Infinity;
	const { runs, seconds: took } = await fuzz({
		modules: [MODULE], lanes: ["ts@node", "original@fengari"], places, corrected, scenarios,
		steps: STEPS, seed: 1, runs: Infinity, patience: 0,
	}, {
		// The first run is always made.
		onProgress: () => {
			end = Math.min(end, performance.now() + seconds * 1000);
		},
		isOver: () => performance.now() >= end,
	});
	report.figures.push({
		what: `random scenarios of up to ${STEPS} steps`, of: `ts@node, original@fengari (${series})`, unit: "/s",
		value: runs / took,
	});
}
