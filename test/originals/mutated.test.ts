import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { compareScenarios } from "../../bridge/cli/compare-scenarios";
import type { LaneResult } from "../../bridge/cli/comparison";
import { readScenarios, type ScenarioFile } from "../../bridge/cli/scenario-files";
import { syntaxError } from "../../bridge/lanes/lua-syntax";
import { itWithOriginals } from "./installed";
import { mutate, rules, type Rule } from "./mutations";

const cli = new URL("../../dist/cli.js", import.meta.url).pathname;
const headline = new URL("../../spec/scenarios/cloud_notify/headline.scs", import.meta.url).pathname;

const scenarios = readScenarios([]).filter(({ scenario }) => scenario.modules.includes("cloud_notify"));

let folder: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "prosody-push-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A file with this source, under the module's name. */
function written(source: string): string {
	const path = join(folder, "mod_cloud_notify.lua");
	writeFileSync(path, source);
	return path;
}

/** What is wrong with an original beside ours, as `prosody-push compare` judges it; undefined if nothing is. */
async function complaint(scenario: ScenarioFile, original: string): Promise<LaneResult | undefined> {
	// A scenario takes no turn of the event loop, which vitest needs now and then.
	await setImmediate();
	const places = { original, prosodyRoot: "/" };
	const [compared] = await compareScenarios([scenario], ["ts@node", "original@fengari"], places, () => undefined);
	return compared!.results.find(({ result }) => result === "failed" || result === "differs");
}

/** The first scenario that complains about an original. */
async function caughtBy(original: string, asked: readonly ScenarioFile[]): Promise<string | undefined> {
	for (const scenario of asked) {
		if (await complaint(scenario, original)) {
			return scenario.label;
		}
	}
	return undefined;
}

/** All scenarios, those that show a rule first. */
function scenariosFor({ shownBy }: Rule): ScenarioFile[] {
	const first = shownBy.map((name) => {
		const label = join("cloud_notify", `${name}.scs`);
		const found = scenarios.find((scenario) => scenario.label === label);
		if (!found) {
			throw new Error(`no scenario ${label}`);
		}
		return found;
	});
	return [...first, ...scenarios.filter((scenario) => !first.includes(scenario))];
}

describe("an original", () => {
	itWithOriginals("cloud_notify", "agrees with ours as it is", async ({ path }) => {
		const original = written(readFileSync(path, "utf8"));
		for (const scenario of scenarios) {
			expect(await complaint(scenario, original), scenario.label).toBeUndefined();
		}
	}, { timeout: 120_000 });
});

describe("a changed original is caught", () => {
	for (const rule of rules) {
		for (const change of rule.changes) {
			itWithOriginals("cloud_notify", `${rule.rule}: ${change.change}`, async ({ path }) => {
				const original = written(mutate(readFileSync(path, "utf8"), change));
				expect(syntaxError(original)).toBeUndefined();
				expect(await caughtBy(original, scenariosFor(rule)), "the scenario that catches it").toBeDefined();
			}, { series: rule.series, timeout: 120_000 });
		}
	}
});

/** `prosody-push compare` on one scenario. */
async function compare(original: string): Promise<{ status: number; output: string }> {
	const args = [cli, "compare", headline, "--original", original, "--lanes", "ts@node,original@fengari"];
	return promisify(execFile)(process.execPath, args, { env: { ...process.env, NO_COLOR: "1" } }).then(
		({ stdout }) => ({ status: 0, output: stdout }),
		(error: { code: number; stdout: string }) => ({ status: error.code, output: error.stdout }),
	);
}

describe("prosody-push compare", () => {
	itWithOriginals("cloud_notify", "shows what a changed original does", async ({ path }) => {
		const source = readFileSync(path, "utf8");
		expect(await compare(written(source))).toMatchObject({ status: 0 });
		const change = { change: "of headlines", find: 'st_type == "headline"', replace: 'st_type == "headlines"' };
		const { status, output } = await compare(written(mutate(source, change)));
		expect(status).toBe(1);
		expect(output).toMatch(/stanza to push\.localhost, .* differs/);
		expect(output).toMatch(/ts@node +\| original@fengari/);
		expect(output).toMatch(/^ *> .*<value>New Message!<\/value>/m);
	});
});
