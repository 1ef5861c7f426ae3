import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { gatherWords } from "../../bridge/fuzz/words";
import { planned } from "../../bridge/fuzz/fuzz";
import { readScenarios, type ScenarioFile } from "../../bridge/cli/scenario-files";
import type { Plan } from "../../bridge/fuzz/story";
import type { Words } from "../../bridge/fuzz/words";

function folderOf(module: string): string {
	return fileURLToPath(new URL(`../../spec/scenarios/${module}`, import.meta.url));
}

/** The corrections of the original `mod_cloud_notify`. */
export const CORRECTIONS = fileURLToPath(new URL("../../spec/corrections/cloud_notify.lua", import.meta.url));

/** The package's scenarios of `mod_cloud_notify`. */
export const files: readonly ScenarioFile[] = readScenarios([folderOf("cloud_notify")]);

export const scenarios = files.map(({ scenario }) => scenario);

export const words: Words = gatherWords(scenarios);

/** The package's scenarios of `mod_web_push`. */
export const webPushScenarios = readScenarios([folderOf("web_push")]).map(({ scenario }) => scenario);

export const webPushWords: Words = gatherWords(webPushScenarios, ["web_push"]);

/** Plans at random, the same in every run. */
export function plans(count: number, seed = 1): Plan[] {
	return fc.sample(planned(words, ["cloud_notify"], 60), { numRuns: count, seed });
}

/** The same for `mod_web_push`. */
export function webPushPlans(count: number, seed = 1): Plan[] {
	return fc.sample(planned(webPushWords, ["web_push"], 60), { numRuns: count, seed });
}
