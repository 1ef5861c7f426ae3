import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder, OFFLINE, TERSE, build } from "./prosody-push";

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
		expect(lines[0]).toMatch(/ ts@node +ts@fengari$/);
		expect(lines[1]).toMatch(/^offline\.scs +1 push +1 push, agrees$/);
		expect(stdout).toContain("1 scenario on ts@node, ts@fengari: 1 agree");
		expect(stdout).toMatch(/^ {2}original@fengari: no mod_cloud_notify\.lua in .*; to get it: apt-get install/m);
		expect(stdout).toMatch(/^ {2}lua@prosody: not built yet/m);
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

	it("fails where a known difference is none", () => {
		const { status, stdout } = folder.run("compare", "known-none.scs", ...WITHOUT);
		expect(status).toBe(1);
		expect(stdout).toMatch(/^known-none\.scs +1 push +1 push, failed$/m);
		expect(stdout).toContain("failed on ts@fengari: does what ts@node does, though the known difference made-up");
	});

	it("fails where an expectation is not met", () => {
		const { status, stdout } = folder.run("compare", "unmet.scs", ...WITHOUT);
		expect(status).toBe(1);
		expect(stdout).toMatch(/^unmet\.scs +1 push, failed +1 push, failed$/m);
		expect(stdout).toMatch(/^unmet\.scs:29: App server receives:$/m);
		expect(stdout).toMatch(/^ {2}failed on ts@node, ts@fengari: .*elsewhere/m);
		expect(stdout).toContain("1 failed");
	});

	it("says where a scenario is not run, and compares the others", () => {
		const { status, stdout } = folder.run("compare", "not-on.scs", "offline.scs", "nowhere.scs", ...WITHOUT);
		expect(status).toBe(0);
		expect(stdout).toMatch(/^not-on\.scs +1 push +not run \(not-on: fengari\)$/m);
		expect(stdout).toMatch(/^nowhere\.scs +not run \(not-on: node\) +not run \(not-on: fengari\)$/m);
		expect(stdout).toContain("3 scenarios on ts@node, ts@fengari: 2 agree, 1 not run");
	});

	it("has a form for programs", () => {
		const { status, stdout, stderr } = folder.run("compare", "offline.scs", "--original", "terse", "--json");
		expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
		const result = JSON.parse(stdout);
		expect(result.lanes).toEqual(["ts@node", "ts@fengari", "original@fengari"]);
		expect(result.summary).toEqual({ scenarios: 1, failed: 0, differ: 1, known: 0, notRun: 0, agree: 0 });
		expect(result.missing.map(({ lane }: { lane: string }) => lane)).toEqual([
			"lua@fengari", "lua@prosody", "original@prosody",
		]);
		const [scenario] = result.scenarios;
		expect(scenario).toMatchObject({ file: "offline.scs", title: "Message to an account that is offline" });
		expect(scenario.lanes).toMatchObject([
			{ lane: "ts@node", result: "reference", pushes: 1, differences: [], errors: [] },
			{ lane: "ts@fengari", result: "agrees", pushes: 1, differences: [], errors: [] },
			{ lane: "original@fengari", result: "differs", pushes: 1 },
		]);
		const { differences } = scenario.lanes[2] as { differences: { left?: { kind: string } }[] };
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
		expect(some.slice(1, 3)).toEqual(["b/two.scs  1 push", "one.scs    1 push"]);
		const own = folder.run("compare", "--lanes", "ts@node");
		expect(own.stderr).toBe("");
		expect(own.stdout).toMatch(/^cloud_notify\/offline-message\.scs +\d+ push/m);
	});

	it("refuses a folder of originals without the module", () => {
		expect(folder.run("compare", "offline.scs", "--original", "none")).toEqual({
			status: 2, stdout: "", stderr: "prosody-push: --original none: no mod_cloud_notify.lua in none\n",
		});
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
