import { compare } from "../trace/compare";
import type { Difference, Recording } from "../trace/compare";
import type { LaneRun } from "./run";

/** The line of the step at which a run stopped: 0 if it did not begin, infinity if it went through. */
export function endOf({ failure }: Pick<LaneRun, "failure">): number {
	return failure ? failure.line ?? 0 : Infinity;
}

/**
 * What went out differently in two runs of a scenario, up to the step at which the first of the two stopped.
 * @param wire only in what crosses the wire: one of them was on a real server
 */
export function differencesBetween(left: LaneRun, right: LaneRun, wire: boolean): Difference[] {
	const last = Math.min(endOf(left), endOf(right));
	const isReached = ({ steps }: Recording) => (_: unknown, index: number): boolean => (steps?.[index] ?? 0) <= last;
	const reached = (recording: Recording): Recording => ({
		...recording,
		entries: recording.entries.filter(isReached(recording)),
		steps: recording.steps?.filter(isReached(recording)),
	});
	return compare(reached(left.recording), reached(right.recording), { wire });
}
