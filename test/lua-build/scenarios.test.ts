import { beforeAll, describe, expect, it } from "vitest";
import { setImmediate } from "node:timers/promises";
import { compareScenarios } from "../../bridge/cli/compare-scenarios";
import { readScenarios } from "../../bridge/cli/scenario-files";
import { build } from "../cli/prosody-push";

beforeAll(build);

const files = readScenarios([]);
const folderOf = ({ label }: { label: string }): string => label.split("/").slice(0, -1).join("/");
let ran = 0;
const folders = [...new Set(files.map(folderOf))];

describe("the Lua build in the Lua environment", () => {
	it.each(folders)("does in every scenario of %s what the TypeScript module does on Node", { timeout: 120_000 }, async (folder) => {
		const places = { prosodyRoot: "/nonexistent" };
		for (const file of files.filter((candidate) => folderOf(candidate) === folder)) {
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
		expect(ran).toBeGreaterThan(350);
	});
});

