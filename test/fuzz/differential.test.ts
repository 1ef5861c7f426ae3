import { randomInt } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { correctOriginals } from "../../bridge/fuzz/corrected";
import { CORRECTIONS, scenarios, webPushScenarios } from "./material";
import { fuzz } from "../../bridge/fuzz/fuzz";
import { itWithOriginals } from "../originals/installed";
import { build } from "../cli/prosody-push";
import { readCorrections } from "../../bridge/fuzz/correction-file";
import { readScenarios } from "../../bridge/cli/scenario-files";
import type { Finding } from "../../bridge/fuzz/fuzz";

const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 32));
const runs = Number(process.env.FUZZ_RUNS ?? 300);

describe("ours and the original", () => {
	itWithOriginals("cloud_notify", "do the same at random, save for known differences", async ({ path, series }) => {
		console.log(`${runs} random scenarios beside the original of ${series}: FUZZ_SEED=${seed} FUZZ_RUNS=${runs}`);
		const modules = ["cloud_notify"];
		const places = { original: path, prosodyRoot: "/" };
		const corrected = correctOriginals(modules, places, readCorrections(CORRECTIONS), CORRECTIONS);
		const findings: Finding[] = [];
		try {
			const result = await fuzz({
				modules, scenarios, lanes: ["ts@node", "original@fengari"], places, corrected, steps: 60, runs, seed, patience: 60,
			}, {
				onFinding: (finding) => findings.push(finding),
				isOver: () => findings.length > 0,
			});
			expect(findings.map(({ disagreements, script }) => [...disagreements.map(({ text }) => text), script].join("\n")))
				.toEqual([]);
			expect(result).toMatchObject({ runs, agreed: runs - result.known });
			expect(result.pushes).toBeGreaterThan(runs);
		} finally {
			corrected.remove();
		}
	}, { timeout: 900_000 });
});

describe("the Lua build of a module and the module on Node", () => {
	beforeAll(build);

	it.each([
		["push2", readScenarios(["spec/scenarios/push2"]).map(({ scenario }) => scenario)],
		["web_push", webPushScenarios],
	] as const)("do the same at random: mod_%s", { timeout: 900_000 }, async (module, its) => {
		console.log(`${runs} random scenarios of mod_${module}: FUZZ_SEED=${seed} FUZZ_RUNS=${runs}`);
		const findings: Finding[] = [];
		const result = await fuzz({
			modules: [module],
			scenarios: its,
			lanes: ["ts@node", "lua@fengari"],
			places: { prosodyRoot: "/nonexistent" },
			steps: 60,
			runs,
			seed,
			patience: 60,
		}, {
			onFinding: (finding) => findings.push(finding),
			isOver: () => findings.length > 0,
		});
		expect(findings.map(({ disagreements, script }) => [...disagreements.map(({ text }) => text), script].join("\n")))
			.toEqual([]);
		expect(result).toMatchObject({ runs, agreed: runs });
		expect(result.pushes).toBeGreaterThan(runs);
	});
});
