import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Folder, OFFLINE, TERSE, build } from "./prosody-push";
import { parseScenario } from "../../bridge/scenario";
import { reasonNotToRun } from "../../bridge/lanes/applies";
import type { Ended } from "./prosody-push";

const REVISION = "upstream 0123abc";

/** Says something else with every push. */
const UNSTEADY = TERSE.replace("id = \"terse\"", "id = \"i\", what = tostring({})");

/** Fails when it is to push. */
const FAILING = TERSE.replace("local service = ", "local service = nowhere.");

let folder: Folder;

beforeAll(() => {
	build();
	folder = new Folder({
		"offline.scs": OFFLINE,
		"two.scs": OFFLINE.replace("## module: cloud_notify", "## module: cloud_notify\n## module: unheard_of"),
		"terse/mod_cloud_notify.lua": TERSE,
		"both/mod_cloud_notify.lua": TERSE,
		"both/mod_unheard_of.lua": "local st = require \"prosody.util.stanza\";\n",
		"unsteady/mod_cloud_notify.lua": UNSTEADY,
		"failing/mod_cloud_notify.lua": FAILING,
		"broken/mod_cloud_notify.lua": "error(\"not today\");\n",
		"none/readme.txt": "",
	});
});

afterAll(() => folder.remove());

// Commands take no turn of the event loop, which vitest needs now and then.
afterEach(() => setImmediate());

function record(scenario: string, original = "terse", ...more: string[]): Ended {
	return folder.run("record", scenario, "--original", original, "--revision", REVISION, "--recorded", "kept", ...more);
}

/** Compares with the recording, as there is nothing else. */
function compare(scenario: string, ...more: string[]): Ended {
	const lanes = ["--lanes", "ts@node,original@fengari"];
	return folder.run("compare", scenario, ...lanes, "--recorded", "kept", "--prosody-root", "none", ...more);
}

function recording(name: string): string {
	return readFileSync(join(folder.path, "kept/cloud_notify", name), "utf8");
}

/** What is said for programs of the original's lane. */
function resultIn({ stdout }: Ended): Record<string, unknown> {
	return JSON.parse(stdout).scenarios[0].lanes[1];
}

describe("a recording", () => {
	it("is the same when it is made again, and names no folder of this machine", () => {
		folder.write("failing.scs", OFFLINE);
		expect(record("failing.scs", `${folder.path}/failing`)).toEqual({
			status: 0, stderr: "",
			stdout: "kept/cloud_notify/failing.json: 0 pushes, up to line 29: App server received nothing within 5 seconds\n",
		});
		const first = recording("failing.json");
		expect(JSON.parse(first)).toMatchObject({
			scenario: "../../failing.scs", revision: REVISION, series: "0.12",
			failure: { step: 7 }, log: [{ step: 6, level: "error", message: expect.stringMatching(/LuaError: mod_cloud_notify\.lua:\d+: /) }],
		});
		expect(first).not.toContain(folder.path);
		expect(record("failing.scs", `${folder.path}/failing`).status).toBe(0);
		expect(recording("failing.json")).toBe(first);
	});

	it("is judged as the run that it is of", () => {
		expect(record("offline.scs")).toEqual({ status: 0, stderr: "", stdout: "kept/cloud_notify/offline.json: 1 push\n" });
		const recorded = resultIn(compare("offline.scs", "--json"));
		const live = resultIn(compare("offline.scs", "--json", "--original", "terse"));
		expect(live).toMatchObject({ result: "differs", pushes: 1 });
		expect(live).not.toHaveProperty("recorded");
		expect(recorded).toEqual({ ...live, recorded: REVISION });
	});

	it("fails what differs without a tag, and knows what differs as the tag says", () => {
		folder.write("known.scs", OFFLINE);
		expect(record("known.scs").status).toBe(0);
		const without = compare("known.scs");
		expect(without.status).toBe(1);
		expect(without.stdout).toMatch(/^known\.scs +1 push +1 push, differs \[1\]$/m);
		expect(without.stdout).toContain(`\n[1] recorded with ${REVISION}\n`);
		const { looks } = resultIn(compare("known.scs", "--json"));
		// A tag, and a comment, do not change what happens.
		const tag = (fingerprint: unknown): void => {
			folder.write("known.scs", `# Told\n## known-difference: original@fengari terse ${String(fingerprint)}\n${OFFLINE}`);
		};
		tag(looks);
		const known = compare("known.scs");
		expect({ status: known.status, stderr: known.stderr }).toEqual({ status: 0, stderr: "" });
		expect(known.stdout).toMatch(/^known\.scs +1 push +1 push, known: terse \[1\]$/m);
		expect(known.stdout).toMatch(/^known\.scs:29: Romeo sends:$/m);
		tag("01234567");
		expect(compare("known.scs")).toMatchObject({ status: 1, stdout: expect.stringContaining("differs otherwise than") });
	});

	it("is known with its errors by the fingerprint alone", () => {
		const { looks } = resultIn(compare("failing.scs", "--json"));
		folder.write("failing.scs", `## known-difference: original@fengari fails\n${OFFLINE}`);
		expect(compare("failing.scs").stdout).toContain("logs an error that ts@node does not, ");
		folder.write("failing.scs", `## known-difference: original@fengari fails ${String(looks)}\n${OFFLINE}`);
		expect(compare("failing.scs")).toMatchObject({ status: 0 });
	});

	it("is refused once the scenario says something else", () => {
		folder.write("stale.scs", OFFLINE);
		expect(record("stale.scs").status).toBe(0);
		folder.write("stale.scs", OFFLINE.replace("Hello", "Good night"));
		const stale = {
			status: 2, stdout: "",
			stderr: "prosody-push: kept/cloud_notify/stale.json is a recording of what stale.scs was before it changed: record it "
				+ `again with mod_cloud_notify of ${REVISION} (prosody-push record)\n`,
		};
		const { status, stdout, stderr } = compare("stale.scs");
		expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
		expect(stdout).toMatch(/^stale\.scs +1 push +0 pushes, failed$/m);
		expect(stdout).toContain("kept/cloud_notify/stale.json is a recording of what stale.scs was before it changed");
		expect(folder.run("run", "stale.scs", "--lane", "original@fengari", "--recorded", "kept", "--prosody-root", "none"))
			.toEqual(stale);
		expect(folder.run("compare", "stale.scs", "--lanes", "ts@node", "--recorded", "kept", "--prosody-root", "none").status)
			.toBe(0);
		expect(record("stale.scs").status).toBe(0);
		expect(compare("stale.scs").stdout).toContain("[1] recorded with ");
	});

	it("is no other scenario's of the same name", () => {
		folder.write("elsewhere/offline.scs", OFFLINE);
		expect(compare("elsewhere/offline.scs")).toMatchObject({ status: 3, stdout: "" });
		folder.write("elsewhere/other.scs", OFFLINE);
		const { status, stdout, stderr } = record("elsewhere");
		// One that cannot be recorded is no reason to leave out the others.
		expect({ status, stdout }).toEqual({ status: 2, stdout: "kept/cloud_notify/other.json: 1 push\n" });
		expect(stderr).toBe(`prosody-push: kept/cloud_notify/offline.json is the recording of ${folder.path}/offline.scs: give `
			+ "elsewhere/offline.scs another name\n");
	});

	it("gives way to the module itself", () => {
		folder.write("live.scs", OFFLINE);
		expect(record("live.scs", "failing").status).toBe(0);
		expect(resultIn(compare("live.scs", "--json"))).toMatchObject({ result: "failed", recorded: REVISION });
		const live = resultIn(compare("live.scs", "--json", "--original", "terse"));
		expect(live).toMatchObject({ result: "differs" });
		expect(live).not.toHaveProperty("recorded");
		expect(compare("live.scs", "--original", "broken").stderr).toMatch(/^prosody-push: broken\/mod_cloud_notify\.lua:1: not today/);
	});

	it("is shown where only one of two modules is there", () => {
		const show = (): Ended => folder.run(
			"run", "two.scs", "--lane", "original@fengari", "--recorded", "kept", "--original", "terse",
		);
		expect(show()).toMatchObject({
			status: 3, stderr: "prosody-push: two.scs: cannot run on original@fengari: no original mod_unheard_of.lua\n",
		});
		expect(record("two.scs", "both").stdout).toBe("kept/cloud_notify+unheard_of/two.json: 1 push\n");
		const { stdout } = show();
		expect(stdout).toContain(`two.scs on original@fengari (recorded with ${REVISION}): Message to`);
		expect(stdout).toContain("1 push; all expectations met\n");
	});

	it("is of no real server", () => {
		const scenario = parseScenario(join(folder.path, "offline.scs"), OFFLINE);
		const none = { prosodyRoot: join(folder.path, "none") };
		const places = { ...none, recorded: join(folder.path, "kept") };
		expect(reasonNotToRun(scenario, "original@fengari", places)).toBeUndefined();
		expect(reasonNotToRun(scenario, "original@prosody", places)).toBe("only original@fengari is recorded");
		expect(reasonNotToRun(scenario, "original@prosody", none)).toBe("no original mod_cloud_notify.lua");
	});

	it("is told of with the lanes", () => {
		folder.write("one/cloud_notify/offline.json", recording("offline.json"));
		const lanes = (...args: string[]): string => folder.run("lanes", "--recorded", "one", ...args).stdout;
		const without = lanes("--prosody-root", "none");
		expect(without).toMatch(/^original@fengari +recorded +1 scenario recorded with upstream 0123abc\n +no mod_cloud_notify\.lua/m);
		expect(JSON.parse(lanes("--prosody-root", "none", "--json"))).toContainEqual(expect.objectContaining({
			lane: "original@fengari", runs: false, recorded: { [REVISION]: 1 },
		}));
		expect(lanes("--original", "terse")).not.toContain("recorded");
	});

	it("must be one, or the scenario fails, and no other", () => {
		folder.write("batch/odd.scs", `## known-difference: original@fengari terse 01234567\n${OFFLINE}`);
		folder.write("batch/even.scs", OFFLINE);
		expect(record("batch").status).toBe(0);
		folder.write("kept/cloud_notify/odd.json", "{}");
		const message = "kept/cloud_notify/odd.json is no recording: remove it, or record its scenario again (prosody-push record)";
		const { status, stdout, stderr } = compare("batch", "--json");
		expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
		const lanes = JSON.parse(stdout).scenarios.map((scenario: { lanes: unknown[] }) => scenario.lanes);
		expect(lanes).toMatchObject([
			[{ result: "reference", pushes: 1 }, { result: "differs", recorded: REVISION, pushes: 1 }],
			[{ result: "reference", pushes: 1 }, { result: "failed", failure: { message } }],
		]);
		expect(folder.run("run", "batch/odd.scs", "--lane", "original@fengari", "--recorded", "kept", "--prosody-root", "none"))
			.toEqual({ status: 2, stdout: "", stderr: `prosody-push: ${message}\n` });
		// Nothing else to show.
		expect(compare("batch/odd.scs")).toMatchObject({ status: 1, stderr: "" });
		expect(record("batch/odd.scs")).toMatchObject({ status: 0, stderr: "" });
		expect(resultIn(compare("batch/odd.scs", "--json"))).toMatchObject({ recorded: REVISION });
	});
});

describe("prosody-push record", () => {
	it("takes a folder of scenarios, and says what is not recorded", () => {
		folder.write("some/a.scs", OFFLINE);
		folder.write("some/b.scs", `## not-on: original@fengari\n${OFFLINE}`);
		folder.write("some/c.scs", OFFLINE.replace("Hello", "Good night"));
		expect(record("some")).toEqual({
			status: 0, stderr: "", stdout: "kept/cloud_notify/a.json: 1 push\n"
				+ "some/b.scs: not recorded (not-on: original@fengari)\nkept/cloud_notify/c.json: 1 push\n",
		});
	});

	it.each([
		["to go without the module", "none", 3, /^prosody-push: cannot run on original@fengari: no mod_cloud_notify\.lua[^;]* in none; /],
		["to record what does not go the same way twice", "unsteady", 2, /^prosody-push: fresh\.scs cannot be recorded: it does not go the same way twice\n$/],
		["to record what does not begin", "broken", 2, /^prosody-push: broken\/mod_cloud_notify\.lua:1: not today/],
	])("refuses %s", (_, original, status, message) => {
		folder.write("fresh.scs", OFFLINE);
		const ended = record("fresh.scs", original);
		expect(ended).toMatchObject({ status, stdout: "" });
		expect(ended.stderr).toMatch(message);
		expect(() => recording("fresh.json")).toThrow("ENOENT");
	});

	it("wants to know the revision", () => {
		expect(folder.run("record", "offline.scs", "--original", "terse")).toMatchObject({ status: 2, stdout: "" });
	});
});
