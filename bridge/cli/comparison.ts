import { countPushes } from "../trace/pushes";
import { differencesBetween, endOf } from "../lanes/differences";
import { fingerprint } from "./fingerprint";
import { isLogged } from "./log-text";
import { isReal } from "../lanes/lane";
import { knownOnLane, reasonNotToRun } from "../lanes/applies";
import { runOnLane } from "../lanes/run";
import type { Difference } from "../trace/compare";
import type { Failure, LaneRun, LogLine } from "../lanes/run";
import type { LaneName } from "../lanes/lane";
import type { Places } from "../lanes/originals";
import type { KnownDifference } from "../scenario";
import type { ScenarioFile } from "./scenario-files";

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
	/** The fingerprint of how it differs, if it does: what `## known-difference: LANE ID LOOKS` takes. */
	looks?: string;
	/** From the reference (left) to this lane (right). */
	differences: Difference[];
	/** What was logged as an error. */
	errors: LogLine[];
}

/** A lane that the scenario was run on. */
interface Ran extends LaneRun {
	lane: LaneName;
	/** The difference that the scenario knows of on this lane. */
	known?: KnownDifference;
	/** How many steps passed before the one that failed, -1 if it did not begin; undefined if all passed. */
	failedAt?: number;
}

/**
 * Runs a scenario on several lanes, one after the other, and compares what went out. The reference is the first lane
 * that the scenario runs on.
 * @param lanes the reference first
 * @param onLane called before each run
 */
export async function compareLanes(
	{ scenario, isOwn }: ScenarioFile, lanes: readonly LaneName[], places: Places, onLane: (lane: LaneName) => void,
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
		const run = await runOnLane(scenario, lane, places);
		const failedAt = run.failure && scenario.steps.findIndex(({ line }) => line === run.failure!.line);
		const ran: Ran = { lane, known, failedAt, ...run };
		results.push(reference ? judge(ran, reference, isOwn) : judgeAlone(ran, isOwn));
		reference ??= ran;
	}
	return results;
}

/** The reference itself can only fail. */
function judgeAlone({ lane, known, failure, failedAt, recording, log }: Ran, isOwn: boolean): LaneResult {
	const common = { lane, pushes: countPushes(recording.entries), failure, differences: [], errors: errorsOf(log) };
	if (!failure || !known) {
		return { ...common, result: failure ? "failed" : "reference" };
	}
	const looks = fingerprint(failedAt, []);
	return held({ ...common, result: "known", known: known.id, looks }, whyNotKnown(known, looks, isOwn));
}

function judge(ran: Ran, reference: Ran, isOwn: boolean): LaneResult {
	const { lane, failure } = ran;
	const differences = differencesBetween(reference, ran, !isReal(reference.lane) && !isReal(lane));
	const differs = differences.length > 0 || endOf(ran) !== endOf(reference);
	const known = ran.known?.id === reference.known?.id ? undefined : ran.known ?? reference.known;
	const looks = differs ? fingerprint(ran.failedAt, differences) : undefined;
	const errors = errorsOf(ran.log);
	const common = { lane, pushes: countPushes(ran.recording.entries), failure, looks, differences, errors };
	if (known && looks !== undefined) {
		const error = newError(errors, errorsOf(reference.log));
		const why = error !== undefined
			? `logs an error that ${reference.lane} does not, which no known difference (${known.id}) allows: ${error}`
			// How a lane looks beside this one is not what the tag of the reference is about.
			: ran.known && whyNotKnown(ran.known, looks, isOwn);
		return held({ ...common, result: "known", known: known.id }, why);
	}
	if (known) {
		const message = `does what ${reference.lane} does, though the known difference ${known.id} says that it does not`;
		return { ...common, result: "failed", failure: failure ?? { message } };
	}
	return { ...common, result: failure ? "failed" : differs ? "differs" : "agrees" };
}

/** A known difference, or a failure that says why it is none. */
function held(result: LaneResult, why: string | undefined): LaneResult {
	if (why === undefined) {
		return result;
	}
	const { failure } = result;
	const message = failure ? `${why}; ${failure.message}` : why;
	return { ...result, result: "failed", known: undefined, failure: { ...failure, message } };
}

/** Why what differs is not what a scenario knows of; undefined if it is. The package's own must know exactly. */
function whyNotKnown({ lane, id, looks }: KnownDifference, now: string, isOwn: boolean): string | undefined {
	const tag = `## known-difference: ${lane.text} ${id} ${now}`;
	if (looks === undefined) {
		return isOwn ? `the tag of a known difference lacks its fingerprint: ${tag}` : undefined;
	}
	return looks === now ? undefined : `differs otherwise than the known difference ${id}: it looks like ${now} now, not `
		+ `${looks}; if it may, write ${tag}`;
}

/** The first line of an error that only the first of two lanes logged. */
function newError(errors: readonly LogLine[], others: readonly LogLine[]): string | undefined {
	const textOf = ({ message }: LogLine): string => message.split("\n", 1)[0]!;
	const expected = new Set(others.map(textOf));
	return errors.map(textOf).find((text) => !expected.has(text));
}

function errorsOf(log: readonly LogLine[]): LogLine[] {
	return log.filter((line) => isLogged(line, "error"));
}
