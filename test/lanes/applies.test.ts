import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findProsody, missingFor } from "../../bridge/prosody/root";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { join } from "node:path";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { parseScenario } from "../../bridge/scenario";
import { reasonNotToRun, simulatedSeries } from "../../bridge/lanes/applies";
import { tmpdir } from "node:os";
import type { Scenario } from "../../bridge/scenario";

let folder: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "applies-"));
	for (const [series, library] of Object.entries({ "0.12": "util.stanza", "13.0": "prosody.util.stanza", "any": undefined })) {
		mkdirSync(join(folder, series));
		const requires = library === undefined ? "" : `local st = require "${library}";\n`;
		writeFileSync(join(folder, series, "mod_cloud_notify.lua"), `${requires}-- nothing\n`);
	}
});

afterAll(() => rmSync(folder, { recursive: true }));

function needing(...tags: string[]): Scenario {
	return parseScenario("test.scs", `${["module: cloud_notify", ...tags].map((tag) => `## ${tag}\n`).join("")}---\n1 second passes\n`);
}

/** Where there is no Prosody, and this original. */
function places(original: string) {
	return { original: join(folder, original), prosodyRoot: join(folder, "none") };
}

describe("a scenario that says which addresses names have", () => {
	it("is not run where names are real", () => {
		const scenario = needing("dns: push.example = 192.0.2.1");
		expect(reasonNotToRun(scenario, "lua@prosody", places("any"))).toBe("dns");
		expect(reasonNotToRun(scenario, "original@prosody", places("any"))).toBe("dns");
		expect(reasonNotToRun(scenario, "original@fengari", places("any"))).toBeUndefined();
	});
});

describe("a scenario that needs a series of Prosody", () => {
	it.each([
		["prosody: 13.0", "13.0", undefined], ["prosody: 13.0", "0.12", "prosody: 13.0"],
		["prosody: 0.12", "13.0", "prosody: 0.12"], ["prosody: 0.12", "0.12", undefined], ["prosody: 13.0", "any", undefined],
		["virtual-time", "0.12", undefined],
	])("%s: with an original of %s: %s", (tag, original, reason) => {
		expect(reasonNotToRun(needing(tag), "original@fengari", places(original))).toBe(reason);
		expect(reasonNotToRun(needing(tag), "ts@node", places(original))).toBeUndefined();
		expect(reasonNotToRun(needing(tag), "ts@fengari", places(original))).toBeUndefined();
	});

	it("has it simulated, whatever else there is", () => {
		expect(simulatedSeries(needing("prosody: 13.0"), places("0.12"))).toBe("13.0");
		expect(simulatedSeries(needing("prosody: 0.12"), places("13.0"))).toBe("0.12");
		expect(simulatedSeries(needing(), places("13.0"))).toBe("13.0");
		expect(simulatedSeries(needing(), places("any"))).toBe("0.12");
	});

	describe.each(prosodyRoots)("on the Prosody in %s", (root) => {
		itUnlessLacking(missingFor(root)?.missing, "is run on a server of that series alone", () => {
			const [own, other] = findProsody(root)!.version.startsWith("0.") ? ["0.12", "13.0"] : ["13.0", "0.12"];
			const reason = (series: string) => {
				const scenario = parseScenario("test.scs", `## prosody: ${series}\n---\n1 second passes\n`);
				return reasonNotToRun(scenario, "lua@prosody", { prosodyRoot: root });
			};
			expect(reason(other!)).toBe(`prosody: ${other}`);
			expect(reason(own!)).toBeUndefined();
		});
	});
});
