import { randomInt } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { EXTENDED, corrected, itWithOriginalsOf, scenarios, scenariosOf, webPushScenarios } from "./material";
import { fuzz, type Finding, type FuzzSettings, type Progress } from "../../bridge/fuzz/fuzz";
import { itWithOriginals } from "../originals/installed";
import { build } from "../cli/prosody-push";
import type { Places } from "../../bridge/lanes/originals";

const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 32));
const runs = Number(process.env.FUZZ_RUNS ?? 300);
/** Of modules of which several are loaded at a time, each on every lane. */
const fewerRuns = Math.ceil(runs / 2);

/** Makes random runs, which must find nothing. */
async function expectNothing(settings: Omit<FuzzSettings, "seed" | "steps" | "patience">): Promise<Progress> {
	const names = settings.modules.map((name) => `mod_${name}`).join(", ");
	console.log(`${settings.runs} random scenarios of ${names} on ${settings.lanes.join(", ")}: FUZZ_SEED=${seed} FUZZ_RUNS=${runs}`);
	const findings: Finding[] = [];
	const result = await fuzz({ ...settings, steps: 60, seed, patience: 60 }, {
		onFinding: (finding) => findings.push(finding),
		isOver: () => findings.length > 0,
	});
	expect(findings.map(({ disagreements, script }) => [...disagreements.map(({ text }) => text), script].join("\n")))
		.toEqual([]);
	expect(result).toMatchObject({ runs: settings.runs, agreed: settings.runs - result.known });
	expect(result.pushes).toBeGreaterThan(settings.runs);
	return result;
}

async function besideOriginals(modules: readonly string[], places: Places, some: typeof scenarios, number: number): Promise<void> {
	const originals = corrected(modules, places);
	try {
		await expectNothing({
			modules, scenarios: some, lanes: ["ts@node", "original@fengari"], places, corrected: originals, runs: number,
		});
	} finally {
		originals.remove();
	}
}

describe("ours and the original", () => {
	itWithOriginals("cloud_notify", "do the same at random, save for known differences", async ({ path }) => {
		await besideOriginals(["cloud_notify"], { original: path, prosodyRoot: "/" }, scenarios, runs);
	}, { timeout: 900_000 });

	itWithOriginalsOf(EXTENDED, "do the same at random, with its extensions, save for known differences", async (places) => {
		await besideOriginals(EXTENDED, places, scenariosOf(...EXTENDED), fewerRuns);
	}, 900_000);
});

describe("the Lua build of a module and the module on Node", () => {
	beforeAll(build);

	it.each([
		["push2", scenariosOf("push2")],
		["web_push", webPushScenarios],
	] as const)("do the same at random: mod_%s", { timeout: 900_000 }, async (module, its) => {
		const result = await expectNothing({
			modules: [module], scenarios: its, lanes: ["ts@node", "lua@fengari"], places: { prosodyRoot: "/nonexistent" }, runs,
		});
		expect(result.known).toBe(0);
	});

	it("do the same at random: mod_cloud_notify with all of its extensions", { timeout: 900_000 }, async () => {
		const modules = ["cloud_notify", "cloud_notify_extensions"];
		const result = await expectNothing({
			modules,
			scenarios: scenariosOf(...EXTENDED, "cloud_notify_away", "cloud_notify_extensions"),
			lanes: ["ts@node", "lua@fengari", "ts@fengari"],
			places: { prosodyRoot: "/nonexistent" },
			runs: fewerRuns,
		});
		expect(result.known).toBe(0);
	});
});
