import { CannotRun, runOnLane } from "../lanes/run";
import { differencesBetween, endOf } from "../lanes/differences";
import { parseScenario } from "../scenario";
import { seconds, titleOf } from "../trace/report";
import { tell } from "./story";
import type { Corrected } from "./corrected";
import type { LaneName } from "../lanes/lane";
import type { LaneRun } from "../lanes/run";
import type { LogLine } from "../lanes/log";
import type { Places } from "../lanes/originals";
import type { Plan } from "./story";
import type { Scenario } from "../scenario";

/** Where plans are tried. */
export interface Laboratory {
	/** The modules under test. */
	modules: readonly string[];
	/** The first is the reference, which the others are held against. */
	lanes: readonly LaneName[];
	places: Places;
	/** The originals with their known differences corrected, if there are corrections. */
	corrected?: Corrected;
	/** How many steps a script may have. */
	steps: number;
}

/** How a lane differs from the reference. */
export interface Disagreement {
	/** The lane's name, and whether known differences were corrected. */
	lane: string;
	/** What kind of difference comes first: the same fault mostly has the same. */
	kind: string;
	/** One line. */
	text: string;
}

/** How a plan went. */
export interface Trial {
	/** The script, save the comment at the top. */
	script: string;
	scenario: Scenario;
	/** What went out on the reference. */
	reference: LaneRun;
	/** `known` is what the corrected original does as the reference does. */
	result: "agrees" | "known" | "differs";
	/** How those lanes differ that do; first how they still do where known differences are corrected. */
	disagreements: readonly Disagreement[];
}

/** How often a plan is told anew because the reference could not take a step. */
const MOST_TELLINGS = 60;

/** Of the streams that the reference cannot resume, one in so many ends the script: nobody else may be able to. */
const ENDS_THERE = 5;

/**
 * Tells a plan so that the reference can perform it, and performs it on all lanes.
 * @param onScript told of each script before it is performed
 */
export async function attempt(
	plan: Plan, laboratory: Laboratory, onScript: (script: string) => void = () => undefined,
): Promise<Trial> {
	const { lanes, places, corrected } = laboratory;
	const { script, scenario, reference } = await rehearse(plan, laboratory, onScript);
	const disagreements: Disagreement[] = [];
	let isFinding = false;
	for (const lane of lanes.slice(1)) {
		const run = await perform(scenario, lane, places);
		const differs = disagreement(reference, run, lane);
		if (!differs) continue;
		disagreements.push(differs);
		const again = async (name: LaneName, before: LaneRun): Promise<LaneRun> => {
			return corrected && isOriginal(name) ? perform(scenario, name, corrected.places) : before;
		};
		const remains = corrected
			? disagreement(await again(lanes[0]!, reference), await again(lane, run), lane) : differs;
		if (remains) {
			isFinding = true;
			if (remains !== differs) {
				disagreements.unshift({ ...remains, lane: `${remains.lane}, known differences corrected` });
			}
		}
	}
	const result = isFinding ? "differs" : disagreements.length > 0 ? "known" : "agrees";
	return { script, scenario, reference, result, disagreements };
}

/** Performs a plan on the reference, telling it anew where a step turns out to be impossible there. */
async function rehearse(
	plan: Plan, { modules, lanes, places, steps }: Laboratory, onScript: (script: string) => void,
) {
	const impossible = new Map<number, number>();
	for (let tellings = 1; ; tellings++) {
		const { text, planned } = tell(plan, modules, steps, impossible);
		const scenario = parseScenario("fuzz.scs", text);
		onScript(text);
		const reference = await perform(scenario, lanes[0]!, places);
		const failed = reference.failure ? scenario.steps.findIndex(({ line }) => line === reference.failure!.line) : -1;
		const step = planned[failed] ?? -1;
		const endsThere = scenario.steps[failed]?.action.does === "resume" && step % ENDS_THERE === 0;
		if (step < 0 || endsThere || tellings === MOST_TELLINGS) {
			return { script: text, scenario, reference };
		}
		impossible.set(step, (impossible.get(step) ?? 0) + 1);
	}
}

/** The known differences without whose correction the original differs on this scenario, by their IDs. */
export async function whichDiffers(
	{ scenario, reference }: Trial, { lanes, places, corrected }: Laboratory,
): Promise<string[]> {
	const original = lanes.find(isOriginal);
	const ours = lanes.find((lane) => !isOriginal(lane));
	if (!original || !ours || !corrected) return [];
	const expected = ours === lanes[0] ? reference : await perform(scenario, ours, places);
	const shown: string[] = [];
	for (const [id, without] of corrected.without) {
		if (disagreement(expected, await perform(scenario, original, without), original)) shown.push(id);
	}
	return shown;
}

function isOriginal(lane: LaneName): boolean {
	return lane.startsWith("original@");
}

/** Runs a scenario; whatever is thrown is a failure before the first step. */
export async function perform(scenario: Scenario, lane: LaneName, places: Places): Promise<LaneRun> {
	try {
		return await runOnLane(scenario, lane, places);
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const stack = error instanceof Error && !(error instanceof CannotRun) ? error.stack : undefined;
		return { recording: { entries: [], ids: new Set() }, log: [], failure: { message, stack } };
	}
}

/** The first way in which a run differs from the reference; undefined if it does not. */
export function disagreement(reference: LaneRun, run: LaneRun, lane: LaneName): Disagreement | undefined {
	if (endOf(reference) !== endOf(run)) {
		const { failure } = endOf(run) < endOf(reference) ? run : reference;
		const who = failure === run.failure ? lane : "the reference";
		const where = failure?.line === undefined ? "before the first step" : `line ${failure.line}`;
		return { lane, kind: "ends", text: `on ${who}, ${where}: ${failure?.message}` };
	}
	const [first, ...others] = differencesBetween(reference, run, false);
	if (first) {
		const { kind, at, left, right } = first;
		const { entry } = (left ?? right)!;
		const more = others.length > 0 ? `, and ${others.length} more` : "";
		return { lane, kind: `${kind} ${entry.kind}`, text: `${titleOf(entry)} at ${seconds(at)} is ${kind}${more}` };
	}
	const error = errorElsewhere(run, reference);
	if (error) return { lane, kind: "logs", text: `logs an error that the reference does not: ${error.message}` };
	const missing = errorElsewhere(reference, run);
	return missing && { lane, kind: "logs", text: `does not log an error that the reference logs: ${missing.message}` };
}

/**
 * An error that was logged during a step during which the other run logged none. What it says is not compared: the
 * same error reads differently in Lua and in JavaScript.
 */
function errorElsewhere(run: LaneRun, other: LaneRun): LogLine | undefined {
	const steps = new Set(errorsIn(other).map(({ line }) => line));
	return errorsIn(run).find(({ line }) => !steps.has(line));
}

function errorsIn({ log }: LaneRun): LogLine[] {
	return log.filter(({ level }) => level === "error");
}
