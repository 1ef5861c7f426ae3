import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { gatherWords } from "../../bridge/fuzz/words";
import { planned } from "../../bridge/fuzz/fuzz";
import { readScenarios, type ScenarioFile } from "../../bridge/cli/scenario-files";
import type { Plan } from "../../bridge/fuzz/story";
import type { Words } from "../../bridge/fuzz/words";

const folder = fileURLToPath(new URL("../../spec/scenarios/cloud_notify", import.meta.url));

/** The corrections of the original `mod_cloud_notify`. */
export const CORRECTIONS = fileURLToPath(new URL("../../spec/corrections/cloud_notify.lua", import.meta.url));

/** The package's scenarios of `mod_cloud_notify`. */
export const files: readonly ScenarioFile[] = readScenarios([folder]);

export const scenarios = files.map(({ scenario }) => scenario);

export const words: Words = gatherWords(scenarios);

/** Plans at random, the same in every run. */
export function plans(count: number, seed = 1): Plan[] {
	return fc.sample(planned(words, ["cloud_notify"], 60), { numRuns: count, seed });
}
