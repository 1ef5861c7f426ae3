import { beforeAll, describe, expect, it } from "vitest";
import { setImmediate } from "node:timers/promises";
import { compareScenarios } from "../../bridge/cli/compare-scenarios";
import { readScenarios } from "../../bridge/cli/scenario-files";
import { build } from "../cli/prosody-push";

beforeAll(build);

describe("the Lua build in the Lua environment", () => {
	it("does in every scenario what the TypeScript module does on Node", { timeout: 120_000 }, async () => {
		const places = { prosodyRoot: "/nonexistent" };
		let ran = 0;
		for (const file of readScenarios([])) {
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
		expect(ran).toBeGreaterThan(100);
	});
});
