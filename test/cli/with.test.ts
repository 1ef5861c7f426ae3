import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder, OFFLINE, TERSE, build } from "./prosody-push";

/** Says in the log on top of what it runs. */
const PRIORITY = `local below = module:depends "cloud_notify";
module:log("info", "upstream, on top of %s", below.module.path or "TypeScript");
`;

let folder: Folder;

function script(...tags: string[]): string {
	return OFFLINE.replace("## module: cloud_notify\n", ["module: cloud_notify", ...tags].map((tag) => `## ${tag}\n`).join(""));
}

beforeAll(() => {
	build();
	const both = script("module: cloud_notify_priority_tag");
	folder = new Folder({
		"both.scs": both,
		"known.scs": script("module: cloud_notify_priority_tag", "known-difference: original@fengari terse"),
		"all.scs": script("module: cloud_notify_extensions"),
		"failing.scs": both.replace("App server receives: nothing", "App server receives: <iq/>"),
		"modules/mod_cloud_notify.lua": TERSE,
		"modules/mod_cloud_notify_priority_tag/mod_cloud_notify_priority_tag.lua": PRIORITY,
		"one/mod_cloud_notify.lua": TERSE,
		"broken/mod_cloud_notify.lua": "error(\"not today\");\n",
	});
});

afterAll(() => folder.remove());

function compare(...args: string[]) {
	return folder.run("compare", ...args, "--lanes", "ts@node,ts@fengari,lua@fengari,original@fengari");
}

/** The log of a scenario on ts@fengari beside upstream modules. */
function logOf(file: string, ...names: string[]): string {
	const { stdout } = folder.run(
		"run", file, "--lane", "ts@fengari", "--original", "modules", "--log", "info", ...names.flatMap((name) => ["--with", name]),
	);
	return stdout;
}

describe("--with", () => {
	it("takes a module from upstream on every lane that runs Lua", () => {
		const { status, stdout, stderr } = compare("both.scs", "--original", "modules", "--with", "cloud_notify");
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(stdout).toMatch(/^both\.scs +not run \[1\] +1 push +1 push, agrees +1 push, agrees$/m);
		expect(stdout).toContain("\n[1] mod_cloud_notify is Lua\n");
	});

	it("leaves the others what they are on each lane", () => {
		const { status, stdout } = compare("both.scs", "--original", "modules", "--with", "cloud_notify_priority_tag");
		expect(status).toBe(1);
		// The terse original below it.
		expect(stdout).toMatch(/^both\.scs +not run \[1\] +1 push +1 push, agrees +1 push, differs$/m);
	});

	it("takes what others depend on from there, too", () => {
		expect(logOf("both.scs", "cloud_notify_priority_tag")).toContain("upstream, on top of TypeScript");
		expect(logOf("both.scs", "cloud_notify_priority_tag", "cloud_notify")).toContain("upstream, on top of modules/mod_cloud_notify.lua");
		const { status, stdout, stderr } = folder.run(
			"run", "all.scs", "both.scs", "--lane", "ts@fengari", "--original", "modules", "--log", "info", "--with", "cloud_notify_priority_tag",
		);
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(stdout.match(/upstream, on top of TypeScript/g)).toHaveLength(2);
		expect(logOf("both.scs")).not.toContain("upstream");
	});

	it("can fail", () => {
		const { status, stdout } = compare("failing.scs", "--original", "modules", "--with", "cloud_notify");
		expect(status).toBe(1);
		expect(stdout).toMatch(/^ {2}failed on ts@fengari, lua@fengari, original@fengari: /m);
		const broken = folder.run("compare", "both.scs", "--lanes", "ts@fengari", "--original", "broken", "--with", "cloud_notify");
		expect(broken.status).toBe(1);
		expect(broken.stdout).toMatch(/^ {2}failed on ts@fengari: mod_cloud_notify does not load: .*mod_cloud_notify\.lua:1: not today$/m);
	});

	it("leaves out scenarios that say what the originals do otherwise", () => {
		const { status, stdout } = compare("known.scs", "both.scs", "--original", "modules", "--with", "cloud_notify");
		expect(status).toBe(0);
		expect(stdout).toMatch(/^known\.scs +not run \[1\] +not run \[1\] +not run \[1\] +not run \[1\]$/m);
		expect(stdout).toContain("\n[1] known difference: terse\n");
	});

	it("says where there is no upstream file", () => {
		const { status, stdout } = folder.run(
			"compare", "both.scs", "--original", "one", "--with", "cloud_notify_priority_tag", "--lanes", "ts@node,ts@fengari",
		);
		expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
		const unasked = folder.run("compare", "both.scs", "--original", "one", "--with", "cloud_notify_priority_tag");
		expect(unasked.status).toBe(0);
		expect(unasked.stdout).toContain("] no original mod_cloud_notify_priority_tag.lua\n");
		expect(unasked.stdout).toMatch(/^1 scenario on ts@node, .*: 1 not run$/m);
	});

	it("is named in what is shown", () => {
		const args = ["both.scs", "--original", "modules", "--with", "cloud_notify"];
		const both = [...args, "--with", "cloud_notify_priority_tag", "--with", "cloud_notify"];
		const lanes = "ts@node, ts@fengari, lua@fengari, original@fengari";
		expect(compare(...args).stdout).toContain(`\n1 scenario on ${lanes}, with upstream's mod_cloud_notify: 1 agrees\n`);
		expect(compare(...both).stdout)
			.toContain(`\n1 scenario on ${lanes}, with upstream's mod_cloud_notify, mod_cloud_notify_priority_tag: 1 agrees\n`);
		expect(JSON.parse(compare(...both, "--json").stdout)).toMatchObject({ with: ["cloud_notify", "cloud_notify_priority_tag"] });
		expect(JSON.parse(compare("both.scs", "--original", "modules", "--json").stdout)).toMatchObject({ with: [] });
		expect(folder.run("run", ...args, "--lane", "ts@fengari").stdout).toMatch(/^both\.scs on ts@fengari, with upstream's mod_cloud_notify(: .*)?\n/);
	});

	it("runs nothing where a recording of the original does otherwise", () => {
		const kept = ["--recorded", "kept", "--original", "modules"];
		expect(folder.run("record", "known.scs", ...kept, "--revision", "upstream 0123abc").status).toBe(0);
		const away = ["--recorded", "kept", "--original", "one"];
		expect(compare("known.scs", ...away).stdout).toContain("recorded with upstream 0123abc");
		const { stdout } = folder.run("compare", "known.scs", ...away, "--with", "cloud_notify");
		expect(stdout).toMatch(/^known\.scs( +not run \[1\])+$/m);
		expect(stdout).toContain("\n[1] known difference: terse\n");
		expect(stdout).not.toContain("[2]");
	});

	it.each(["run", "compare"])("expects of %s a module of ours, or what a scenario has under test", (command) => {
		const error = (name: string) => {
			const { status, stdout, stderr } = folder.run(command, "both.scs", "--original", "modules", "--with", "cloud_notify", "--with", name);
			expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
			return stderr;
		};
		expect(error("unheard_of")).toBe("prosody-push: --with unheard_of: neither one of prosody-push nor under test in a scenario\n");
		expect(error("mod_cloud_notify")).toBe("prosody-push: --with mod_cloud_notify: expected the name without mod_\n");
	});
});
