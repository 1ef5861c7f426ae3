import { expect, it } from "vitest";
import { compareScenarios } from "../../../bridge/cli/compare-scenarios";
import { readScenarios } from "../../../bridge/cli/scenario-files";

it("mod_cloud_notify_away leaves all as it is for those who did not ask for it", { timeout: 120_000 }, async () => {
	let ran = 0;
	for (const file of readScenarios(["spec/scenarios/cloud_notify"])) {
		const scenario = { ...file.scenario, modules: ["cloud_notify", "cloud_notify_away"] };
		const [compared] = await compareScenarios(
			[{ ...file, scenario }], ["ts@node"], { prosodyRoot: "/nonexistent" }, () => undefined,
		);
		expect(compared!.results[0], file.label).toMatchObject({ result: "reference", failure: undefined });
		ran++;
	}
	expect(ran).toBeGreaterThan(100);
});
