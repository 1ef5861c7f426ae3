import { describe, expect, it } from "vitest";
import { compareScenarios } from "../../bridge/cli/compare-scenarios";
import { readScenarios } from "../../bridge/cli/scenario-files";
import type { Scenario } from "../../bridge/scenario";

/** Those that know nothing of one another, by themselves. The extensions of `cloud_notify` add to what it pushes. */
const MODULES = ["cloud_notify", "push2", "web_push"];
/** Folders of scenarios, and how many in it there are at least. */
const FOLDERS = [["cloud_notify", 30], ["cloud_notify_away", 8], ["cloud_notify_extensions", 8], ["push2", 30], ["web_push", 30]] as const;
/** Without any Prosody: nothing but our modules and the simulated server. */
const PLACES = { prosodyRoot: "/nonexistent" };

describe("push modules on one host", () => {
	it.each(FOLDERS)("leave what %s does as it is when it is alone", { timeout: 120_000 }, async (folder, least) => {
		let ran = 0;
		for (const file of readScenarios([`spec/scenarios/${folder}`])) {
			// Without cryptography there is no mod_web_push.
			if (file.scenario.prosody === "0.12") continue;
			const all = [...new Set([...file.scenario.modules, ...MODULES])];
			for (const modules of [all, [...all].reverse()]) {
				const scenario: Scenario = { ...file.scenario, modules, prosody: "13.0" };
				const [compared] = await compareScenarios([{ ...file, scenario }], ["ts@node"], PLACES, () => undefined);
				expect(compared!.results[0], `${file.label} with ${modules.join(" and ")}`)
					.toMatchObject({ result: "reference", failure: undefined });
			}
			ran++;
		}
		expect(ran).toBeGreaterThanOrEqual(least);
	});
});
