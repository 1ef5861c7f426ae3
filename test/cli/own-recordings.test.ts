import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { findRecording, recordedRun, recordingPath, recordingsIn, RECORDED_LANE } from "../../bridge/lanes/recorded";
import { packageRoot } from "../../bridge/package-root";
import { readScenarios } from "../../bridge/cli/scenario-files";
import { reasonNotToRun } from "../../bridge/lanes/applies";
import type { Places } from "../../bridge/lanes/originals";

/** Modules whose originals no package has. */
const UNPACKAGED: ReadonlySet<string> = new Set(["push2", "web_push"]);

const folder = join(packageRoot(), "spec", "recorded");
/** No original is there. */
const places: Places = { prosodyRoot: "/nonexistent", recorded: folder };
const scenarios = readScenarios([]).map(({ scenario }) => scenario);

describe("spec/recorded", () => {
	it("has the scenarios of modules whose originals no package has", () => {
		const tested = scenarios.filter(({ modules }) => modules.some((name) => UNPACKAGED.has(name)));
		let recorded = 0;
		for (const scenario of tested) {
			const reason = reasonNotToRun(scenario, RECORDED_LANE, { prosodyRoot: "/nonexistent" });
			if (reason?.startsWith("no original ") !== true) continue;
			expect(`${scenario.file}: ${reasonNotToRun(scenario, RECORDED_LANE, places) ?? "recorded"}`)
				.toBe(`${scenario.file}: recorded`);
			recorded++;
		}
		expect(recorded).toBe(recordingsIn(folder).size);
		expect(recorded).toBeGreaterThan(0);
	});

	it("has them as they are now", () => {
		const recorded = scenarios.filter((scenario) => findRecording(scenario, places));
		for (const scenario of recorded) {
			expect(recordedRun(scenario, RECORDED_LANE, places)).toMatchObject({ recorded: expect.any(String) });
		}
		expect([...recordingsIn(folder).keys()].sort())
			.toEqual(recorded.map((scenario) => recordingPath(scenario, folder)).sort());
	});

	it("is of one revision of each module, and names no folder of a machine", () => {
		const revisions = new Map<string, string>();
		for (const [path, { originals, entries, log, failure }] of recordingsIn(folder)) {
			for (const [module, digest] of Object.entries(originals)) {
				expect({ path, module, digest: revisions.get(module) ?? digest }).toEqual({ path, module, digest });
				revisions.set(module, digest);
			}
			expect(JSON.stringify([entries, log, failure])).not.toMatch(/\/(?:home|root|tmp|usr|work)\//);
		}
	});
});
