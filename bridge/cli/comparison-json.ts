import { differenceToJson } from "../trace/report";
import { stepTexts } from "./steps";
import { summarise } from "./summary";
import type { DifferenceJson } from "../trace/report";
import type { LaneName } from "../lanes/lane";
import type { LaneResult } from "./comparison";
import type { LaneStatus } from "../lanes/status";
import type { ComparedLanes, ScenarioResult } from "./compare-scenarios";
import type { Summary } from "./summary";

/** A comparison for a program. */
export interface ComparisonJson {
	/** The lanes that were compared, the reference first. */
	lanes: readonly LaneName[];
	/** The modules that each of them had from upstream, without `mod_`. */
	with: readonly string[];
	scenarios: {
		file: string;
		title?: string;
		lanes: LaneResultJson[];
	}[];
	summary: Summary;
	/** The lanes that cannot run here. */
	missing: readonly LaneStatus[];
}

export interface LaneResultJson extends Omit<LaneResult, "differences"> {
	differences: DifferenceJson[];
}

export function comparisonJson(
	all: readonly ScenarioResult[], { lanes, upstream = [] }: ComparedLanes, missing: readonly LaneStatus[],
): ComparisonJson {
	return {
		lanes,
		with: upstream,
		scenarios: all.map(({ scenario, results }) => {
			const steps = stepTexts(scenario);
			const left = results.find(({ result }) => result !== "not run")?.lane ?? lanes[0]!;
			return {
				file: scenario.file,
				title: scenario.title,
				lanes: results.map((result) => ({
					...result,
					differences: result.differences.map((difference) => {
						const { against = left, lane: right } = result;
						return differenceToJson(difference, { file: scenario.file, steps, left: against, right });
					}),
				})),
			};
		}),
		summary: summarise(all),
		missing,
	};
}
