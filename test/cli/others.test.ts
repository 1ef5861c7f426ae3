import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder, OFFLINE, TERSE, build } from "./prosody-push";

/** Tells in the log what it runs on top of. */
const EXTRA = `local below = module:depends "cloud_notify";
module:log("info", "on top of %s", below.module.path or "TypeScript");
`;

let folder: Folder;

function tagged(...tags: string[]): string {
	return OFFLINE.replace("## module: cloud_notify\n", tags.map((tag) => `## ${tag}\n`).join(""));
}

beforeAll(() => {
	build();
	folder = new Folder({
		"with.scs": tagged("module: cloud_notify", "with: extra"),
		"ours.scs": tagged("module: extra", "with: cloud_notify"),
		"server.scs": tagged("module: cloud_notify", "with: carbons"),
		"modules/mod_cloud_notify.lua": TERSE,
		"modules/mod_extra/mod_extra.lua": EXTRA,
		"failing/mod_cloud_notify.lua": TERSE,
		"failing/mod_extra.lua": "\nerror(\"not today\");\n",
		"root/usr/lib/prosody/modules/mod_extra.lua": EXTRA,
		"mine.lua": TERSE,
		"none/readme.txt": "",
	});
});

afterAll(() => folder.remove());

describe("modules of others", () => {
	it.each([
		["ts@fengari", "TypeScript"],
		["original@fengari", "modules/mod_cloud_notify.lua"],
	])("run on top of the module under test on %s", (lane, below) => {
		const { stdout } = folder.run("run", "with.scs", "--lane", lane, "--original", "modules", "--log", "info");
		expect(stdout).toContain(`0 s: info localhost:extra: on top of ${below}\n`);
	});

	it("are no reason to leave out but the lanes that run no Lua", () => {
		const args = ["with.scs", "--lanes", "ts@node,ts@fengari,original@fengari", "--original", "modules"];
		const { stdout } = folder.run("compare", ...args);
		expect(stdout).toMatch(/^with\.scs +not run \[1\] +1 push +1 push, differs$/m);
		expect(stdout).toContain("\n[1] mod_extra is Lua\n");
		// The first lane that runs it is the reference.
		expect(stdout).toMatch(/^ {4}ts@fengari +\| original@fengari$/m);
		expect(folder.run("run", "with.scs", "--original", "modules"))
			.toEqual({ status: 0, stdout: "with.scs: not run on ts@node (mod_extra is Lua)\n\n", stderr: "" });
	});

	it("are looked for where originals are", () => {
		const { status, stdout } = folder.run("compare", "with.scs", "--lanes", "ts@fengari", "--prosody-root", "none");
		expect(status).toBe(0);
		expect(stdout).toContain("] no mod_extra.lua in the Prosody of none\n");
		expect(stdout).toContain("1 scenario on ts@fengari: 1 not run\n");
		expect(folder.run("compare", "with.scs", "--lanes", "ts@fengari", "--original", "none").stdout)
			.toContain("] no mod_extra.lua in none\n");
	});

	it("are looked for in the installed Prosody beside an original that is one file", () => {
		const run = (root: string): string => folder.run(
			"run", "with.scs", "--lane", "original@fengari", "--original", "mine.lua", "--prosody-root", root, "--log", "info",
		).stdout;
		expect(run("root")).toContain("on top of mine.lua");
		expect(run("none")).toContain("not run on original@fengari (no mod_extra.lua in the Prosody of none)");
	});

	it("that fail to load fail the scenario", () => {
		const args = ["with.scs", "--lanes", "ts@fengari,original@fengari", "--original", "failing"];
		const { status, stdout, stderr } = folder.run("compare", ...args);
		expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
		expect(stdout).toMatch(
			/^ {2}failed on ts@fengari, original@fengari: mod_extra does not load: .*failing\/mod_extra\.lua:2: not today$/m,
		);
	});

	it.each([
		["ours.scs", "mod_cloud_notify is one of prosody-push: write ## module: cloud_notify"],
		["server.scs", "mod_carbons is part of the simulated server: leave the tag out"],
	])("are not what %s calls them", (file, message) => {
		expect(folder.run("compare", file, "--original", "modules"))
			.toEqual({ status: 2, stdout: "", stderr: `prosody-push: ${file}: ${message}\n` });
	});
});
