import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder, OFFLINE, build } from "./prosody-push";

const OLD = "local st = require\"util.stanza\";\n";
const NEW = "-- require \"util.stanza\"\nlocal st = require \"prosody.util.stanza\";\n";

let folder: Folder;

beforeAll(() => {
	build();
	folder = new Folder({
		"old/usr/lib/prosody/modules/mod_cloud_notify/mod_cloud_notify.lua": OLD,
		"new/usr/local/lib/prosody/modules/mod_cloud_notify.lua": NEW,
		"modules/mod_cloud_notify.lua": NEW,
		"mine.lua": OLD,
		"crypto.lua": `${OLD}local crypto = require "util.crypto";\n`,
		"none/readme.txt": "",
		"broken.lua": "local a = 1\nlocal = 2\n",
		"scenario.scs": OFFLINE,
		"other.scs": OFFLINE.replace("cloud_notify", "unheard_of"),
	});
});

afterAll(() => folder.remove());

interface Status {
	lane: string;
	runs: boolean;
	originals?: { module: string; path: string; series?: string }[];
	missing?: string;
	get?: string;
}

function lanes(...args: string[]): Map<string, Status> {
	const { status, stdout } = folder.run("lanes", "--json", ...args);
	expect(status).toBe(0);
	return new Map((JSON.parse(stdout) as Status[]).map((lane) => [lane.lane, lane]));
}

describe("prosody-push lanes", () => {
	it("tells what is missing without any Prosody", () => {
		const all = lanes("--prosody-root", "none");
		expect([...all.keys()]).toEqual([
			"ts@node", "ts@fengari", "lua@fengari", "original@fengari", "lua@prosody", "original@prosody",
		]);
		expect(all.get("ts@node")).toEqual({ lane: "ts@node", runs: true });
		expect(all.get("ts@fengari")).toEqual({ lane: "ts@fengari", runs: true });
		expect(all.get("lua@fengari")).toEqual({ lane: "lua@fengari", runs: true });
		const original = all.get("original@fengari")!;
		expect(original.runs).toBe(false);
		expect(original.missing).toContain("none/usr/lib/prosody/modules or none/usr/local/lib/prosody/modules");
		expect(original.get).toContain("apt-get install prosody-modules");
		expect(original.get).toContain("--original PATH");
	});

	it.each([
		[["--prosody-root", "old"], "old/usr/lib/prosody/modules/mod_cloud_notify/mod_cloud_notify.lua", "0.12"],
		[["--prosody-root", "new"], "new/usr/local/lib/prosody/modules/mod_cloud_notify.lua", "13.0"],
		[["--original", "modules"], "modules/mod_cloud_notify.lua", "13.0"],
		[["--original", "mine.lua"], "mine.lua", "0.12"],
		[["--original", "crypto.lua"], "crypto.lua", "13.0"],
	])("finds originals with %j", (args, path, series) => {
		const { runs, originals } = lanes(...args).get("original@fengari")!;
		expect(runs).toBe(true);
		expect(originals).toContainEqual({ module: "cloud_notify", path, series });
	});

	it("shows a table", () => {
		const { stdout, stderr, status } = folder.run("lanes", "--prosody-root", "old");
		expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
		expect(stdout).toMatch(/^lane +runs here\n/);
		expect(stdout).toMatch(/^ts@node +yes$/m);
		expect(stdout).toMatch(/^original@fengari +yes +/m);
		expect(stdout).toMatch(/ {2}mod_cloud_notify of Prosody 0\.12: old\/usr\//);
		expect(stdout).not.toContain("\u001b");
	});

	it("do not take for an original what is no Lua", () => {
		expect(lanes("--original", "broken.lua").get("original@fengari")).toMatchObject({
			runs: false, missing: "broken.lua:2: <name> expected near '='",
		});
	});

	it.each(["run", "compare"])("are not passed over when %s is asked for them, but not there for a scenario", (command) => {
		const option = command === "run" ? "--lane" : "--lanes";
		const args = [command, "other.scs", option, "original@fengari", "--original", "modules"];
		expect(folder.run(...args)).toEqual({
			status: 3, stdout: "",
			stderr: "prosody-push: other.scs: cannot run on original@fengari: no original mod_unheard_of.lua\n",
		});
	});

	it("that are there for some scenarios say in the table why not for others", () => {
		folder.write("filters.scs", OFFLINE.replace("## module: cloud_notify\n", "$&## module: cloud_notify_filters\n"));
		const { stdout } = folder.run(
			"compare", "scenario.scs", "filters.scs", "--lanes", "ts@node,original@fengari", "--original", "modules",
		);
		expect(stdout).toMatch(/^scenario\.scs +1 push +0 pushes, failed$/m);
		expect(stdout).toMatch(/^filters\.scs +1 push +not run \[1\]$/m);
		expect(stdout).toContain("\n[1] no original mod_cloud_notify_filters.lua\n");
	});

	it.each(["run", "compare"])("are not passed over when %s is asked for them", (command) => {
		const option = command === "run" ? "--lane" : "--lanes";
		const { status, stdout, stderr } = folder.run(
			command, "scenario.scs", option, "original@fengari", "--prosody-root", "none",
		);
		expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
		expect(stderr).toMatch(/^prosody-push: cannot run on original@fengari: no [^\n]*mod_cloud_notify\.lua[^\n]* in [^\n]+\n$/);
	});
});
