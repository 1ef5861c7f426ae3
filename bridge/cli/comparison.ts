import { countPushes } from "../trace/pushes";
import { differencesBetween, endOf } from "../lanes/differences";
import { fingerprint } from "./fingerprint";
import { isLogged } from "./log-text";
import { isOriginal, isReal } from "../lanes/lane";
import { knownOnLane, modelOf, reasonNotToRun } from "../lanes/applies";
import type { Difference } from "../trace/compare";
import type { Failure } from "../lanes/failure";
import type { LaneRun } from "../lanes/run";
import type { LogLine } from "../lanes/log";
import type { LaneName } from "../lanes/lane";
import type { Places } from "../lanes/originals";
import type { KnownDifference, Scenario } from "../scenario";
import type { ScenarioFile } from "./scenario-files";

/** How a scenario went on a lane, held against the reference lane. */
export interface LaneResult {
	lane: LaneName;
	/** `reference` is what the other lanes are compared with; `known` differs, and must. */
	result: "reference" | "agrees" | "differs" | "failed" | "known" | "not run";
	/** Why it was not run. */
	reason?: string;
	/** Of which revision of the upstream modules it was recorded; absent if it went just now. */
	recorded?: string;
	/** Pushes that were sent. */
	pushes?: number;
	/** What went wrong: the expectation that was not met, or a known difference that is none. */
	failure?: Failure;
	/** The ID of the known difference between the lane and the reference. */
	known?: string;
	/** The fingerprint of how it differs, if it does: what `## known-difference: LANE ID LOOKS` takes. */
	looks?: string;
	/** The lane that it was held against, if that is not the reference. */
	against?: LaneName;
	/** From the reference, or the lane that it was held against, (left) to this lane (right). */
	differences: Difference[];
	/** What was logged as an error. */
	errors: LogLine[];
}

/** A lane that the scenario was run on. */
interface Ran extends LaneRun {
	lane: LaneName;
	/** The difference that the scenario knows of on this lane, or on its model. */
	known?: KnownDifference;
	/** The lane that this one is held against, where that is not the reference. */
	model?: Ran;
	/** How many steps passed before the one that failed, -1 if it did not begin; undefined if all passed. */
	failedAt?: number;
}

/**
 * The lanes that a scenario is run on: those that it applies to, and lanes that these are held against.
 * @param lanes the reference first
 */
export function lanesToRun(scenario: Scenario, lanes: readonly LaneName[], places: Places): Set<LaneName> {
	const applies = (lane: LaneName): boolean => reasonNotToRun(scenario, lane, places) === undefined;
	const chosen = lanes.filter(applies);
	const models = chosen.flatMap((lane) => modelOf(lane, scenario, places)?.lane ?? []);
	return new Set([...chosen, ...models.filter(applies)]);
}

/**
 * Compares what went out on several lanes. The reference is the first lane that the scenario ran on.
 * @param lanes the reference first
 * @param runs how it went on each of `lanesToRun`
 */
export function judgeLanes(
	{ scenario, isOwn }: ScenarioFile, lanes: readonly LaneName[], places: Places,
	runs: ReadonlyMap<LaneName, LaneRun>,
): LaneResult[] {
	const ranOn = (lane: LaneName): Ran | undefined => {
		const run = runs.get(lane);
		const failedAt = run?.failure && scenario.steps.findIndex(({ line }) => line === run.failure!.line);
		const model = modelOf(lane, scenario, places);
		const known = model?.known ?? knownOnLane(scenario, lane, places);
		return run && { lane, known, model: model && ranOn(model.lane), failedAt, ...run };
	};
	let reference: Ran | undefined;
	return lanes.map((lane): LaneResult => {
		const reason = reasonNotToRun(scenario, lane, places);
		if (reason !== undefined) {
			return { lane, result: "not run", reason, differences: [], errors: [] };
		}
		const ran = ranOn(lane)!;
		if (ran.isUnknown) {
			return { lane, result: "failed", failure: ran.failure, differences: [], errors: [] };
		}
		if (!reference) {
			reference = ran;
			return ran.model ? judgeByModel(ran, ran.model) : judgeAlone(ran, isOwn);
		}
		return ran.model ? judgeByModel(ran, ran.model, reference) : judge(ran, reference, isOwn);
	});
}

/** The reference itself can only fail. */
function judgeAlone(ran: Ran, isOwn: boolean): LaneResult {
	const { known, failure, failedAt } = ran;
	const common = { ...factsOf(ran), differences: [] };
	if (!failure || !known) {
		return { ...common, result: failure ? "failed" : "reference" };
	}
	const looks = fingerprint(failedAt, []);
	return held({ ...common, result: "known", known: known.id, looks }, whyNotKnown(known, looks, isOwn));
}

function judge(ran: Ran, reference: Ran, isOwn: boolean): LaneResult {
	const { failure } = ran;
	const differences = between(reference, ran);
	const errors = newErrors(errorsOf(ran.log), errorsOf(reference.log));
	const ownErrors = errorsOfOne(ran, reference);
	const differs = differences.length > 0 || endOf(ran) !== endOf(reference) || ownErrors.length > 0;
	const known = ran.known?.id === reference.known?.id ? undefined : ran.known ?? reference.known;
	const looks = differs ? fingerprint(ran.failedAt, differences, [...new Set([...errors, ...ownErrors])]) : undefined;
	const common = { ...factsOf(ran), looks, differences };
	if (known && looks !== undefined) {
		// How a lane looks beside this one is not what the tag of the reference is about.
		const otherwise = ran.known && whyNotKnown(ran.known, looks, isOwn);
		const isAllowed = errors.length === 0 || ran.known?.looks !== undefined;
		const why = otherwise ?? (isAllowed ? undefined : `logs an error that ${reference.lane} does not, which the known `
			+ `difference ${known.id} allows by no fingerprint: ${errors[0]}`);
		return held({ ...common, result: "known", known: known.id }, why);
	}
	// The reference's may be in what no real server shows.
	if (known && !(reference.model && known === reference.known)) {
		const message = `does what ${reference.lane} does, though the known difference ${known.id} says that it does not`;
		return { ...common, result: "failed", failure: failure ?? { message } };
	}
	return { ...common, result: failure ? "failed" : differs ? "differs" : "agrees" };
}

/**
 * Holds a lane on a real server against that of the same implementation on the simulated one, which differs as known.
 * @param reference absent if the lane itself is that
 */
function judgeByModel(ran: Ran, model: Ran, reference?: Ran): LaneResult {
	const { known, failure } = ran;
	const fromModel = between(model, ran);
	const common = factsOf(ran);
	if (fromModel.length > 0 || endOf(model) !== endOf(ran)) {
		const result = failure && endOf(ran) < endOf(model) ? "failed" : "differs";
		return { ...common, result, against: model.lane, differences: fromModel };
	}
	const differences = reference ? between(reference, ran) : [];
	const differs = differences.length > 0 || endOf(ran) !== (reference ? endOf(reference) : Infinity);
	// It may be in what no real server shows, such as a store.
	if (!differs) return { ...common, result: reference ? "agrees" : "reference", differences };
	// Its words name other files than those of the simulated server.
	const [error] = errorsOf(model.log).length === 0 ? newErrors(common.errors, []) : [];
	return held({ ...common, result: "known", known: known!.id, differences }, error === undefined ? undefined
		: `logs an error, which ${model.lane} does not: ${error}`);
}

/** What is said of a run, whatever it is held against. */
function factsOf({ lane, recorded, recording, failure, log }: Ran) {
	return { lane, recorded, pushes: countPushes(recording.entries), failure, errors: errorsOf(log) };
}

/** What went out differently; where one of the two is a real server, as far as it crosses the wire. */
function between(left: Ran, right: Ran): Difference[] {
	return differencesBetween(left, right, isReal(left.lane) || isReal(right.lane));
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

/** The first lines of the errors that only the first of two lanes logged. */
function newErrors(errors: readonly LogLine[], others: readonly LogLine[]): string[] {
	const textOf = ({ message }: LogLine): string => message.split("\n", 1)[0]!;
	const expected = new Set(others.map(textOf));
	return errors.map(textOf).filter((text) => !expected.has(text));
}

/**
 * The first lines of the errors that only one of two lanes of ours logged: they should log the same. An original may log what
 * ours do not, and not what ours do. The words of a real server are its own.
 */
function errorsOfOne(ran: Ran, reference: Ran): string[] {
	if (isOriginal(ran.lane) || isOriginal(reference.lane)) return [];
	const [errors, others] = [errorsOf(ran.log), errorsOf(reference.log)];
	if (isReal(ran.lane) !== isReal(reference.lane) && errors.length > 0 && others.length > 0) return [];
	return [...newErrors(errors, others), ...newErrors(others, errors).map((text) => `lacks ${text}`)];
}

function errorsOf(log: readonly LogLine[]): LogLine[] {
	return log.filter((line) => isLogged(line, "error"));
}
