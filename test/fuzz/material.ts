import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { it } from "vitest";
import { correctOriginals, originalsOf, type Corrected } from "../../bridge/fuzz/corrected";
import { correctionsIn } from "../../bridge/fuzz/correction-file";
import { findOriginal, newestSeries } from "../../bridge/lanes/originals";
import { gatherWords } from "../../bridge/fuzz/words";
import { itLacks, prosodyRoots } from "../prosody-here";
import { planned } from "../../bridge/fuzz/fuzz";
import { readScenarios, type ScenarioFile } from "../../bridge/cli/scenario-files";
import type { Places } from "../../bridge/lanes/originals";
import type { Plan } from "../../bridge/fuzz/story";
import type { Words } from "../../bridge/fuzz/words";

function folderOf(module: string): string {
	return fileURLToPath(new URL(`../../spec/scenarios/${module}`, import.meta.url));
}

/** The package's corrections. */
export const CORRECTIONS = fileURLToPath(new URL("../../spec/corrections", import.meta.url));

/** `mod_cloud_notify` and those of its extensions that have originals. */
export const EXTENDED = ["cloud_notify", "cloud_notify_encrypted", "cloud_notify_filters", "cloud_notify_priority_tag"] as const;

/** The package's scenarios of a module. */
export function filesOf(module: string): readonly ScenarioFile[] {
	return readScenarios([folderOf(module)]);
}

/** The package's scenarios of modules. */
export function scenariosOf(...modules: readonly string[]): ScenarioFile["scenario"][] {
	return modules.flatMap(filesOf).map(({ scenario }) => scenario);
}

export const scenarios = scenariosOf("cloud_notify");

export const words: Words = gatherWords(scenarios);

/** The package's scenarios of `mod_web_push`. */
export const webPushScenarios = scenariosOf("web_push");

export const webPushWords: Words = gatherWords(webPushScenarios, ["web_push"]);

/** Plans at random, the same in every run. */
export function plans(count: number, seed = 1): Plan[] {
	return fc.sample(planned(words, ["cloud_notify"], 60), { numRuns: count, seed });
}

/** The same for `mod_web_push`. */
export function webPushPlans(count: number, seed = 1): Plan[] {
	return fc.sample(planned(webPushWords, ["web_push"], 60), { numRuns: count, seed });
}

/** The originals of these modules, corrected as the package has it. */
export function corrected(modules: readonly string[], places: Places): Corrected {
	return correctOriginals(modules, places, correctionsIn(CORRECTIONS, [...originalsOf(modules, places).keys()]));
}

/**
 * A test of each Prosody here that has upstream's files of all of these modules; skipped, or failing, as
 * `itWithOriginals` does for one of them.
 */
export function itWithOriginalsOf(
	modules: readonly string[], name: string, test: (places: Places) => Promise<void>, timeout: number,
): void {
	const roots = prosodyRoots.filter((prosodyRoot) => modules.every((module) => findOriginal(module, { prosodyRoot })));
	for (const prosodyRoot of roots) {
		it(`${name} (${newestSeries(modules, { prosodyRoot })})`, () => test({ prosodyRoot }), timeout);
	}
	if (roots.length === 0) itLacks(`no Prosody with ${modules.map((module) => `mod_${module}`).join(", ")} here`, name);
}
