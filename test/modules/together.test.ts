import { describe, expect, it } from "vitest";
import { compareScenarios } from "../../bridge/cli/compare-scenarios";
import { readScenarios } from "../../bridge/cli/scenario-files";
import type { Scenario } from "../../bridge/scenario";

const MODULES = ["cloud_notify", "push2", "web_push"];
/** Without any Prosody: nothing but our modules and the simulated server. */
const PLACES = { prosodyRoot: "/nonexistent" };

describe("push modules on one host", () => {
	it.each(MODULES)("leave what %s does as it is when it is alone", { timeout: 120_000 }, async (name) => {
		let ran = 0;
		for (const file of readScenarios([`spec/scenarios/${name}`])) {
			// Without cryptography there is no mod_web_push.
			if (file.scenario.prosody === "0.12") continue;
			for (const modules of [MODULES, [...MODULES].reverse()]) {
				const scenario: Scenario = { ...file.scenario, modules, prosody: "13.0" };
				const [compared] = await compareScenarios([{ ...file, scenario }], ["ts@node"], PLACES, () => undefined);
				expect(compared!.results[0], `${file.label} with ${modules.join(" and ")}`)
					.toMatchObject({ result: "reference", failure: undefined });
			}
			ran++;
		}
		expect(ran).toBeGreaterThan(30);
	});
});
