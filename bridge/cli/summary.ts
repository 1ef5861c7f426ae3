import type { ScenarioResult } from "./compare-scenarios";

/** How many scenarios went how. Each counts once, as the first of these that holds on one of its lanes. */
export interface Summary {
	scenarios: number;
	/** An expectation failed, or a known difference is none. */
	failed: number;
	/** A lane differs. */
	differ: number;
	/** A lane differs, and must. */
	known: number;
	/** No lane ran it. */
	notRun: number;
	/** Only one lane ran it. */
	alone: number;
	/** All lanes that ran it agree. */
	agree: number;
}

export function summarise(all: readonly ScenarioResult[]): Summary {
	const summary = { scenarios: all.length, failed: 0, differ: 0, known: 0, notRun: 0, alone: 0, agree: 0 };
	for (const { results } of all) {
		const has = (result: string): boolean => results.some((lane) => lane.result === result);
		const count = has("failed") ? "failed"
			: has("differs") ? "differ"
				: has("known") ? "known"
					: has("agrees") ? "agree" : has("reference") ? "alone" : "notRun";
		summary[count]++;
	}
	return summary;
}
