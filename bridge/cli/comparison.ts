import { compare } from "../trace/compare";
import { countPushes } from "../trace/pushes";
import { isLogged } from "./log-text";
import { isReal } from "../lanes/lane";
import { knownOnLane, reasonNotToRun } from "../lanes/applies";
import { runOnLane } from "../lanes/run";
import type { Difference, Recording } from "../trace/compare";
import type { Failure, LaneRun, LogLine } from "../lanes/run";
import type { LaneName } from "../lanes/lane";
import type { Places } from "../lanes/originals";
import type { Scenario } from "../scenario";

/** How a scenario went on a lane, held against the reference lane. */
export interface LaneResult {
	lane: LaneName;
	/** `reference` is what the other lanes are compared with; `known` differs, and must. */
	result: "reference" | "agrees" | "differs" | "failed" | "known" | "not run";
	/** Why it was not run. */
	reason?: string;
	/** Pushes that were sent. */
	pushes?: number;
	/** What went wrong: the expectation that was not met, or a known difference that is none. */
	failure?: Failure;
	/** The ID of the known difference between the lane and the reference. */
	known?: string;
	/** From the reference (left) to this lane (right). */
	differences: Difference[];
	/** What was logged as an error. */
	errors: LogLine[];
}

/** A lane that the scenario was run on. */
interface Ran extends LaneRun {
	lane: LaneName;
	/** The ID of the difference that the scenario knows of on this lane. */
	known?: string;
}

/**
 * Runs a scenario on several lanes, one after the other, and compares what went out. The reference is the first lane
 * that the scenario runs on.
 * @param lanes the reference first
 * @param onLane called before each run
 */
export async function compareLanes(
	scenario: Scenario, lanes: readonly LaneName[], places: Places, onLane: (lane: LaneName) => void,
): Promise<LaneResult[]> {
	const results: LaneResult[] = [];
	let reference: Ran | undefined;
	for (const lane of lanes) {
		const reason = reasonNotToRun(scenario, lane, places);
		if (reason !== undefined) {
			results.push({ lane, result: "not run", reason, differences: [], errors: [] });
			continue;
		}
		onLane(lane);
		const known = knownOnLane(scenario, lane, places);
		const ran: Ran = { lane, known, ...await runOnLane(scenario, lane, places) };
		results.push(reference ? judge(ran, reference) : judgeAlone(ran));
		reference ??= ran;
	}
	return results;
}

/** The reference itself can only fail. */
function judgeAlone({ lane, known, failure, recording, log }: Ran): LaneResult {
	const isKnown = failure !== undefined && known !== undefined;
	return {
		lane,
		result: isKnown ? "known" : failure ? "failed" : "reference",
		pushes: countPushes(recording.entries),
		failure,
		known: isKnown ? known : undefined,
		differences: [],
		errors: errorsOf(log),
	};
}

function judge(ran: Ran, reference: Ran): LaneResult {
	const { lane, failure } = ran;
	const differences = differencesOf(reference, ran);
	const differs = differences.length > 0 || endOf(ran) !== endOf(reference);
	const known = ran.known === reference.known ? undefined : ran.known ?? reference.known;
	const common = { lane, pushes: countPushes(ran.recording.entries), failure, differences, errors: errorsOf(ran.log) };
	if (known !== undefined && differs) {
		return { ...common, result: "known", known };
	}
	if (known !== undefined) {
		const message = `does what ${reference.lane} does, though the known difference ${known} says that it does not`;
		return { ...common, result: "failed", failure: failure ?? { message } };
	}
	return { ...common, result: failure ? "failed" : differs ? "differs" : "agrees" };
}

function errorsOf(log: readonly LogLine[]): LogLine[] {
	return log.filter((line) => isLogged(line, "error"));
}

/** The line of the step at which a run stopped: 0 if it did not begin, infinity if it went through. */
function endOf({ failure }: Ran): number {
	return failure ? failure.line ?? 0 : Infinity;
}

/** What went out differently, up to the step at which the first of the two stopped. */
function differencesOf(left: Ran, right: Ran): Difference[] {
	const last = Math.min(endOf(left), endOf(right));
	const isReached = ({ steps }: Recording) => (_: unknown, index: number): boolean => (steps?.[index] ?? 0) <= last;
	const reached = (recording: Recording): Recording => ({
		...recording,
		entries: recording.entries.filter(isReached(recording)),
		steps: recording.steps?.filter(isReached(recording)),
	});
	const isVirtual = !isReal(left.lane) && !isReal(right.lane);
	return compare(reached(left.recording), reached(right.recording), { store: isVirtual, times: isVirtual });
}
