import { beforeAll, describe, expect, it } from "vitest";
import { setImmediate } from "node:timers/promises";
import { compareScenarios } from "../../bridge/cli/compare-scenarios";
import { readScenarios, type ScenarioFile } from "../../bridge/cli/scenario-files";
import { build } from "../cli/prosody-push";

beforeAll(build);

const files = readScenarios([]);
const folderOf = ({ label }: { label: string }): string => label.split("/").slice(0, -1).join("/");
/** A library that not every Prosody has may be another one in 13.0. */
const variants = ({ scenario, ...file }: ScenarioFile): ScenarioFile[] => {
	const series = scenario.needs.length > 0 ? (["0.12", "13.0"] as const) : [scenario.prosody];
	return series.map((prosody) => ({ ...file, scenario: { ...scenario, prosody } }));
};
let ran = 0;
const folders = [...new Set(files.map(folderOf))];

describe("the Lua build in the Lua environment", () => {
	it.each(folders)("does in every scenario of %s what the TypeScript module does on Node", { timeout: 120_000 }, async (folder) => {
		const places = { prosodyRoot: "/nonexistent" };
		for (const file of files.filter((candidate) => folderOf(candidate) === folder).flatMap(variants)) {
			// A scenario takes no turn of the event loop, which vitest needs now and then.
			await setImmediate();
			const [compared] = await compareScenarios([file], ["ts@node", "lua@fengari"], places, () => undefined);
			const [node, lua] = compared!.results;
			if (node!.result === "not run" || lua!.result === "not run") continue;
			expect(node, file.label).toMatchObject({ result: "reference", failure: undefined });
			expect(lua, file.label).toMatchObject({ result: "agrees", failure: undefined });
			expect(lua!.errors.map(({ message }) => message), file.label).toEqual(node!.errors.map(({ message }) => message));
			ran++;
		}
	});

	it("has run in nearly all of them", () => {
		expect(ran).toBeGreaterThan(0.95 * files.length);
	});
});

