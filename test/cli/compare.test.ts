import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder, OFFLINE, TERSE, build } from "./prosody-push";
import { compareScenarios } from "../../bridge/cli/compare-scenarios";
import { join } from "node:path";
import { parseScenario } from "../../bridge/scenario";
import type { Ended } from "./prosody-push";

let folder: Folder;

function tagged(...tags: string[]): string {
	return OFFLINE.replace("## module", `${tags.map((tag) => `## ${tag}\n`).join("")}## module`);
}

beforeAll(() => {
	build();
	folder = new Folder({
		"offline.scs": OFFLINE,
		"unmet.scs": OFFLINE.replace("from=\"localhost\"", "from=\"elsewhere\""),
		"known.scs": tagged("known-difference: original@fengari terse"),
		"known-series.scs": tagged("known-difference: original@fengari/13.0 terse"),
		"known-none.scs": tagged("known-difference: ts@fengari made-up"),
		"not-on.scs": tagged("not-on: fengari"),
		"nowhere.scs": tagged("not-on: fengari", "not-on: node"),
		"plain.scs": "[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: x\n\n---------\n\nRomeo connects\n",
		"none/readme.txt": "",
		"terse/mod_cloud_notify.lua": TERSE,
		"failing/mod_cloud_notify.lua": TERSE.replace("local service =", "local service = nothing.at.all or"),
		"unreadable.lua": "local a = 1\nlocal = 2\n",
		"throwing.lua": "local a = 1\n\nerror(\"not today\")\n",
	});
});

afterAll(() => folder.remove());

const FAILING = ["--original", "failing", "--lanes", "ts@node,original@fengari"];
const WITHOUT = ["--prosody-root", "none"];
const WITH_TERSE = ["--original", "terse", "--lanes", "ts@node,original@fengari"];

describe("prosody-push compare", () => {
	it("shows errors that a module made", () => {
		const { stdout } = folder.run("compare", "offline.scs", ...FAILING);
		expect(stdout).toMatch(new RegExp("^offline\\.scs:27: Romeo sends:\n  logged on original@fengari:\n"
			+ " {4}0 s: error c2s\\d+: .*failing/mod_cloud_notify\\.lua:11: attempt to index", "m"));
		expect(folder.run("compare", "offline.scs", ...WITHOUT).stdout).not.toContain("logged on");
	});

	it("finds that lanes agree", () => {
		const { status, stdout, stderr } = folder.run("compare", "offline.scs", ...WITHOUT);
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		const lines = stdout.split("\n");
		expect(lines[0]).toMatch(/ ts@node +ts@fengari +lua@fengari$/);
		expect(lines[1]).toMatch(/^offline\.scs +1 push +1 push, agrees +1 push, agrees$/);
		expect(stdout).toContain("1 scenario on ts@node, ts@fengari, lua@fengari: 1 agrees\n");
	});

	it("says what cannot run, unless it was told on what to run", () => {
		const { stdout } = folder.run("compare", "offline.scs", ...WITHOUT);
		const [, missing = ""] = stdout.split("Lanes that cannot run here:\n");
		expect(missing).toMatch(/^ {2}original@fengari: no .*mod_cloud_notify\.lua.* in .*; to get it: apt-get install/m);
		expect(missing).toMatch(/^ {2}lua@prosody, original@prosody: no Prosody in none; to get it: /m);
		const chosen = folder.run("compare", "offline.scs", "--lanes", "ts@node,ts@fengari", ...WITHOUT);
		expect(chosen.stdout).not.toContain("cannot run");
	});

	it("takes the lanes that it is asked for, and ts@node as the reference", () => {
		const { status, stdout } = folder.run("compare", "plain.scs", "--lanes", "ts@fengari,ts@node", ...WITHOUT);
		expect(status).toBe(0);
		expect(stdout.split("\n")[0]).toMatch(/ ts@node +ts@fengari$/);
		expect(stdout.split("\n")[1]).toMatch(/^plain\.scs +0 pushes +0 pushes, agrees$/);
	});

	it("shows where lanes differ", () => {
		const { status, stdout } = folder.run("compare", "offline.scs", ...WITH_TERSE);
		expect(status).toBe(1);
		expect(stdout).toMatch(/^offline\.scs +1 push +1 push, differs$/m);
		expect(stdout).toMatch(/^offline\.scs:27: Romeo sends:$/m);
		expect(stdout).toMatch(/^ {2}stanza to push\.localhost, at \d+ s, differs$/m);
		expect(stdout).toMatch(/^ {4}ts@node +\| original@fengari$/m);
		expect(stdout).toContain("store cloud_notify of juliet, only on ts@node");
		expect(stdout).toContain("1 differs");
		expect(stdout).not.toContain("\u001b");
	});

	it("knows differences that are explained", () => {
		const known = folder.run("compare", "known.scs", ...WITH_TERSE);
		expect(known.stdout).toMatch(/^known\.scs +1 push +1 push, known: terse$/m);
		expect(known.status).toBe(0);
		const series = folder.run("compare", "known-series.scs", ...WITH_TERSE);
		expect(series.stdout).toMatch(/^known-series\.scs +1 push +1 push, differs$/m);
		expect(series.status).toBe(1);
	});

	it("holds a difference against its fingerprint", () => {
		const compareKnown = (looks: string): Ended => {
			folder.write("looks.scs", tagged(`known-difference: original@fengari terse${looks}`));
			return folder.run("compare", "looks.scs", ...WITH_TERSE);
		};
		const { status, stdout } = compareKnown("");
		expect(status).toBe(0);
		const [, looks = ""] = /^known on original@fengari: terse, looks like ([0-9a-f]{8})$/m.exec(stdout) ?? [];
		expect(compareKnown(` ${looks}`)).toMatchObject({ status: 0 });
		const other = compareKnown(" 01234567");
		expect(other.status).toBe(1);
		expect(other.stdout).toMatch(/^looks\.scs +1 push +1 push, failed$/m);
		expect(other.stdout).toContain("failed on original@fengari: differs otherwise than the known difference terse: it "
			+ `looks like ${looks} now, not 01234567; if it may, write ## known-difference: original@fengari terse ${looks}`);
		expect(other.stdout).toMatch(/^ {2}stanza to push\.localhost, at \d+ s, differs$/m);
	});

	it("wants a fingerprint of what the package's own scenarios know", async () => {
		const scenario = parseScenario("known.scs", tagged("known-difference: original@fengari terse"));
		const places = { original: join(folder.path, "terse"), prosodyRoot: "/" };
		const file = { scenario, label: "known.scs", isOwn: true };
		const [compared] = await compareScenarios([file], ["ts@node", "original@fengari"], places, () => undefined);
		const [, result] = compared!.results;
		expect(result).toMatchObject({ result: "failed", failure: {
			message: `the tag of a known difference lacks its fingerprint: ## known-difference: original@fengari terse ${
				result!.looks}`,
		} });
	});

	it("knows no error that only the original makes, save by its fingerprint", () => {
		const { status, stdout } = folder.run("compare", "known.scs", ...FAILING);
		expect(status).toBe(1);
		expect(stdout).toMatch(/failed on original@fengari: logs an error that ts@node does not, .*attempt to index/);
		const [scenario] = JSON.parse(folder.run("compare", "known.scs", ...FAILING, "--json").stdout).scenarios;
		const { looks } = scenario.lanes.at(-1);
		folder.write("error.scs", tagged(`known-difference: original@fengari terse ${looks}`));
		const one = folder.run("compare", "error.scs", ...FAILING).stdout;
		expect(one).toMatch(/, known: terse$/m);
		expect(one).toContain("logged on original@fengari:");
		expect(folder.run("compare", "error.scs", "error.scs", ...FAILING).stdout).not.toContain("logged on");
		// As much goes out, but the error is another.
		folder.write("other/mod_cloud_notify.lua", TERSE.replace("local service =", "local service = {} .. 1 or"));
		const other = folder.run("compare", "error.scs", "--original", "other", "--lanes", "ts@node,original@fengari");
		expect(other.stdout).toContain("differs otherwise than the known difference");
	});

	it("goes on where an original fails while the server stops", () => {
		folder.write("stopping.lua", `${TERSE}\nmodule:hook_global("server-stopping", function () error("not yet"); end);\n`);
		const { status, stdout, stderr } = folder.run("compare", "known.scs", "--original", "stopping.lua",
			"--lanes", "ts@node,original@fengari");
		expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
		expect(stdout).toContain("the server cannot stop after it: stopping.lua:21: not yet");
	});

	it("shows known differences if asked to, or of one scenario", () => {
		const heading = /^known on original@fengari: terse, looks like [0-9a-f]{8}\n\nknown\.scs:20: Juliet sends:\n {2}store/m;
		expect(folder.run("compare", "known.scs", ...WITH_TERSE).stdout).toMatch(heading);
		const two = ["compare", "known.scs", "known.scs", ...WITH_TERSE];
		expect(folder.run(...two).stdout).not.toContain("known on");
		expect(folder.run(...two, "--show-known").stdout).toMatch(heading);
	});

	it("fails where a known difference is none", () => {
		const { status, stdout } = folder.run("compare", "known-none.scs", ...WITHOUT);
		expect(status).toBe(1);
		expect(stdout).toMatch(/^known-none\.scs +1 push +1 push, failed +1 push, agrees$/m);
		expect(stdout).toContain("failed on ts@fengari: does what ts@node does, though the known difference made-up");
	});

	it("fails where an expectation is not met", () => {
		const { status, stdout } = folder.run("compare", "unmet.scs", ...WITHOUT);
		expect(status).toBe(1);
		expect(stdout).toMatch(/^unmet\.scs +1 push, failed +1 push, failed +1 push, failed$/m);
		expect(stdout).toMatch(/^unmet\.scs:29: App server receives:$/m);
		expect(stdout).toMatch(/^ {2}failed on ts@node, ts@fengari, lua@fengari: .*elsewhere/m);
		expect(stdout).toContain("1 failed");
	});

	it("shows once why a module does not load, and where", () => {
		// Where the module rounds this option.
		folder.write("floor.mjs", "const { floor } = Math;\n"
			+ "Math.floor = (x) => { if (x === 7.25) { throw new Error(\"far\\ttoo odd\"); } return floor(x); };\n");
		folder.write("odd.scs", tagged("option: push_max_devices = 7.25"));
		const env = { NODE_OPTIONS: "--import ./floor.mjs" };
		const { status, stdout } = folder.runWith(env, "compare", "odd.scs", "--lanes", "ts@node,ts@fengari");
		expect(status).toBe(1);
		expect(stdout).toMatch(/^ {2}failed on ts@node, ts@fengari: mod_cloud_notify does not load: far\\ttoo odd$/m);
		expect(stdout.match(/too odd/g)).toHaveLength(2);
		expect(stdout).toMatch(/^ {2}stack:\n {4}Error: far {2}too odd\n[^]+\/modules\/mod_cloud_notify\/index\.ts:\d+:\d+\)$/m);
		expect(stdout).not.toContain("logged on");
		const run = folder.runWith(env, "run", "odd.scs");
		expect(run.status).toBe(1);
		expect(run.stdout).not.toContain("Juliet connects");
		expect(run.stdout.match(/too odd/g)).toHaveLength(2);
	});

	it("says where a scenario is not run, and compares the others", () => {
		const { status, stdout } = folder.run("compare", "not-on.scs", "offline.scs", "nowhere.scs", ...WITHOUT);
		expect(status).toBe(0);
		expect(stdout).toMatch(/^not-on\.scs +1 push +not run \[1\] +not run \[1\]$/m);
		expect(stdout).toMatch(/^nowhere\.scs +not run \[2\] +not run \[1\] +not run \[1\]$/m);
		expect(stdout).toContain("\n[1] not-on: fengari\n[2] not-on: node\n\n");
		expect(stdout).toContain("3 scenarios on ts@node, ts@fengari, lua@fengari: 1 agrees, 1 ran on one lane only, 1 not run");
	});

	it("has a form for programs", () => {
		const { status, stdout, stderr } = folder.run("compare", "offline.scs", "--original", "terse", "--json", ...WITHOUT);
		expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
		const result = JSON.parse(stdout);
		expect(result.lanes).toEqual(["ts@node", "ts@fengari", "lua@fengari", "original@fengari"]);
		expect(result.summary).toEqual({ scenarios: 1, failed: 0, differ: 1, known: 0, notRun: 0, alone: 0, agree: 0 });
		expect(result.missing.map(({ lane }: { lane: string }) => lane)).toEqual(["lua@prosody", "original@prosody"]);
		const [scenario] = result.scenarios;
		expect(scenario).toMatchObject({ file: "offline.scs", title: "Message to an account that is offline" });
		expect(scenario.lanes).toMatchObject([
			{ lane: "ts@node", result: "reference", pushes: 1, differences: [], errors: [] },
			{ lane: "ts@fengari", result: "agrees", pushes: 1, differences: [], errors: [] },
			{ lane: "lua@fengari", result: "agrees", pushes: 1, differences: [], errors: [] },
			{ lane: "original@fengari", result: "differs", pushes: 1 },
		]);
		const { differences } = scenario.lanes[3] as { differences: { left?: { kind: string } }[] };
		const pushes = differences.filter(({ left }) => left?.kind === "stanza");
		expect(pushes).toMatchObject([{
			kind: "different", at: 0, line: 27, step: "Romeo sends:",
			left: { kind: "stanza", to: "push.localhost" }, right: { kind: "stanza", to: "push.localhost" },
		}]);
	});

	it("takes a folder's scenarios, and the package's own without any", () => {
		folder.write("some/b/two.scs", OFFLINE);
		folder.write("some/one.scs", OFFLINE);
		const some = folder.run("compare", "some", "--lanes", "ts@node").stdout.split("\n");
		expect(some.slice(1, 3)).toEqual(["some/b/two.scs  1 push", "some/one.scs    1 push"]);
		folder.write("more/one.scs", OFFLINE);
		const both = folder.run("compare", "some/", "./more", "--lanes", "ts@node").stdout;
		expect(both).toMatch(/^more\/one\.scs +1 push$/m);
		const own = folder.run("compare", "--lanes", "ts@node");
		expect(own.stderr).toBe("");
		expect(own.stdout).toMatch(/^cloud_notify\/offline-message\.scs +\d+ push/m);
	});

	it("refuses a folder of originals without the module", () => {
		const { status, stdout, stderr } = folder.run("compare", "offline.scs", "--original", "none");
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
		expect(stderr).toMatch(/^prosody-push: --original none: no .*mod_cloud_notify\.lua.* in none\n$/);
	});

	it.each([
		["unreadable.lua", /^prosody-push: unreadable\.lua:2: [^\n]+\n$/],
		["throwing.lua", /^prosody-push: throwing\.lua:3: not today[^\n]*\n$/],
	])("refuses an original that cannot be loaded: %s", (original, message) => {
		const { status, stdout, stderr } = folder.run("compare", "offline.scs", "--original", original);
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
		expect(stderr).toMatch(message);
	});
});
