import fc from "fast-check";
import { attempt, whichDiffers, type Disagreement, type Laboratory, type Trial } from "./trial";
import { casts } from "./cast";
import { countPushes } from "../trace/pushes";
import { gatherWords } from "./words";
import { ShrinkingPlans } from "./smaller";
import { openings, plannedSteps } from "./steps";
import type { Plan } from "./story";
import type { Scenario } from "../scenario";
import type { Words } from "./words";

/** What to run, and where. */
export interface FuzzSettings extends Laboratory {
	/** Where the words of random scenarios come from: the modules' own scenarios. */
	scenarios: readonly Scenario[];
	runs: number;
	/** A 32-bit integer: the same runs for the same seed. */
	seed: number;
	/** Seconds that making a finding smaller may take. */
	patience: number;
}

/** How far it is. */
export interface Progress {
	runs: number;
	agreed: number;
	known: number;
	findings: number;
	/** Pushes on the reference. */
	pushes: number;
	/** Of known differences, how many were looked into, and how many of those showed each, by its ID. */
	sampled: number;
	shown: ReadonlyMap<string, number>;
	/** Real time since the start. */
	seconds: number;
}

/** A scenario on which lanes differ, as small as could be made. */
export interface Finding {
	/** The seed with which it is the first run. */
	seed: number;
	/** The script, save the comment at the top. */
	script: string;
	disagreements: readonly Disagreement[];
}

/** Who follows a run of many scenarios. */
export interface Watcher {
	/** Before a scenario is performed, which may never end. */
	onScript?(seed: number, script: string): void;
	/** After each run. */
	onProgress?(progress: Progress): void;
	onFinding?(finding: Finding): void;
	/** Asked before each run, and while a finding is made smaller: true ends it. */
	isOver?(): boolean;
}

/** The share of the time that goes into which known differences show. */
const SAMPLED = 0.05;

/** Runs random scenarios until there have been as many as the settings say, or the watcher has enough. */
export async function fuzz(settings: FuzzSettings, watcher: Watcher = {}): Promise<Progress> {
	const start = performance.now();
	const plans = planned(gatherWords(settings.scenarios, settings.modules), settings.modules, settings.steps);
	const shown = new Map<string, number>();
	const progress = { runs: 0, agreed: 0, known: 0, findings: 0, pushes: 0, sampled: 0, shown, seconds: 0 };
	let sampling = 0;
	for (let run = 0; run < settings.runs && watcher.isOver?.() !== true; run++) {
		const seed = seedOf(settings.seed, run);
		const { first, smallest } = await check(plans, seed, settings, watcher);
		progress.runs++;
		progress.pushes += countPushes(first.reference.recording.entries);
		if (first.result === "agrees") {
			progress.agreed++;
		} else if (first.result === "known") {
			progress.known++;
			const began = performance.now();
			if (sampling <= SAMPLED * (began - start)) {
				for (const id of await whichDiffers(first, settings)) shown.set(id, (shown.get(id) ?? 0) + 1);
				progress.sampled++;
				sampling += performance.now() - began;
			}
		} else {
			progress.findings++;
			watcher.onFinding?.({ seed, script: smallest.script, disagreements: smallest.disagreements });
		}
		progress.seconds = (performance.now() - start) / 1000;
		watcher.onProgress?.(progress);
	}
	return progress;
}

/** The seed of a run, from 0: that of the first is the seed itself, so that any run can be the first another time. */
function seedOf(seed: number, run: number): number {
	if (run === 0) return seed >>> 0;
	let mixed = (seed + Math.imul(run, 0x9e3779b1)) | 0;
	mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
	mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
	return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Plans at random: most are short. */
export function planned(words: Words, modules: readonly string[], most: number): fc.Arbitrary<Plan> {
	const step = plannedSteps(words, modules);
	const steps = (maxLength: number) => fc.array(step, { minLength: Math.min(5, maxLength), maxLength, size: "max" });
	return new ShrinkingPlans(fc.record({
		cast: casts(words),
		opening: openings(words),
		steps: fc.oneof({ weight: 2, arbitrary: steps(Math.ceil(most / 3)) }, { weight: 1, arbitrary: steps(most) }),
	}).map((plan) => ({ cast: plan.cast, steps: [...plan.opening, ...plan.steps] })));
}

/** Tries one plan, and if it is a finding, smaller ones that are found in the same way. */
async function check(
	plans: fc.Arbitrary<Plan>, seed: number, settings: FuzzSettings, watcher: Watcher,
): Promise<{ first: Trial; smallest: Trial }> {
	const onScript = (script: string): void => watcher.onScript?.(seed, script);
	let first: Trial | undefined;
	let smallest: Trial | undefined;
	let deadline = Infinity;
	await fc.check(fc.asyncProperty(plans, async (plan) => {
		// Nothing in a run waits for anything: without this an interrupt would not be heard.
		await new Promise((resolve) => setImmediate(resolve));
		if (first && (performance.now() > deadline || watcher.isOver?.() === true)) throw new fc.PreconditionFailure(true);
		const trial = await attempt(plan, settings, onScript);
		first ??= trial;
		if (trial.result !== "differs" || trial.disagreements[0]!.kind !== first.disagreements[0]!.kind) return true;
		smallest = trial;
		if (deadline === Infinity) deadline = performance.now() + settings.patience * 1000;
		return false;
	}), { seed: seed | 0, numRuns: 1, unbiased: true });
	return { first: first!, smallest: smallest ?? first! };
}
