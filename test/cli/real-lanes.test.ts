import { afterAll, beforeAll, describe, expect } from "vitest";
import { build, Folder, OFFLINE, TERSE } from "./prosody-push";
import { findLuaBuild } from "../../bridge/lua-build";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { join } from "node:path";
import { missingFor } from "../../bridge/prosody/root";
import { readFileSync } from "node:fs";

let folder: Folder;

beforeAll(() => {
	build();
	const built = readFileSync(findLuaBuild("cloud_notify")!, "utf8");
	folder = new Folder({
		"offline.scs": OFFLINE,
		"known.scs": OFFLINE.replace("## module", "## known-difference: original@fengari terse\n## module"),
		"ours/mod_cloud_notify.lua": built,
		"mutated/mod_cloud_notify.lua": built.replaceAll("\"message-count\"", "\"message-number\""),
		"terse/mod_cloud_notify.lua": TERSE,
		"failing/mod_cloud_notify.lua": `${TERSE}\nerror("not today");\n`,
	});
});

afterAll(() => folder.remove());

describe.each(prosodyRoots)("prosody-push on the Prosody in %s", (root) => {
	const lacking = missingFor(root)?.missing;
	const it = (name: string, test: () => void): void => itUnlessLacking(lacking, name, test, 30_000);
	const compare = (original: string, file = "offline.scs") => folder.run(
		"compare", file, "--lanes", "ts@node,lua@prosody,original@prosody",
		"--original", join(folder.path, original), "--prosody-root", root,
	);

	it("finds that real lanes agree", () => {
		const { status, stdout, stderr } = compare("ours");
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(stdout).toMatch(/^offline\.scs +1 push +1 push, agrees +1 push, agrees$/m);
	});

	it("shows where a real lane differs", () => {
		const { status, stdout } = compare("mutated");
		expect(status).toBe(1);
		expect(stdout).toMatch(/^offline\.scs +1 push +1 push, agrees +1 push, differs$/m);
		expect(stdout).toMatch(/^offline\.scs:27: Romeo sends:\n {2}stanza to push\.localhost, at .*, differs$/m);
		expect(stdout).toMatch(/^ {4}ts@node +\| original@prosody$/m);
		expect(stdout).toContain("message-number");
	});

	it("knows there what is known on the simulated server", () => {
		const { status, stdout } = compare("terse", "known.scs");
		expect(status).toBe(0);
		expect(stdout).toMatch(/^known\.scs +1 push +1 push, agrees +1 push, known: terse$/m);
	});

	it("says that a module does not load there, and where", () => {
		const { status, stdout } = compare("failing");
		expect(status).toBe(1);
		expect(stdout).toMatch(/^offline\.scs +1 push +1 push, agrees +0 pushes, failed$/m);
		expect(stdout).toMatch(/failed on original@prosody: cannot begin: mod_cloud_notify does not load: .*:21: not today/);
	});

	it("runs one scenario there", () => {
		const { status, stdout, stderr } = folder.run("run", "offline.scs", "--lane", "lua@prosody", "--prosody-root", root);
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(stdout).toContain("1 push; all expectations met");
	});
});
