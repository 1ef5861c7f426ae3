import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder, OFFLINE, build } from "./prosody-push";
import { join } from "node:path";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";

let folder: Folder;

beforeAll(() => {
	build();
	folder = new Folder({ "good.scs": OFFLINE, "bad.scs": OFFLINE.replace("Romeo connects", "Romeo dances") });
	folder.write("empty/readme.txt", "");
});

afterAll(() => folder.remove());

/** The one line that an error is. */
function error(status: number, ...args: string[]): string {
	const ended = folder.run(...args);
	expect(ended.stdout).toBe("");
	expect(ended.stderr).toMatch(/^prosody-push: [^\n]+\n$/);
	expect(ended.status).toBe(status);
	return ended.stderr.slice("prosody-push: ".length, -1);
}

describe("prosody-push", () => {
	it("tells its version", () => {
		const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
		expect(folder.run("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
	});

	it("explains itself", () => {
		const { status, stdout, stderr } = folder.run("--help");
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		for (const word of ["lanes", "run", "compare"]) {
			expect(stdout).toContain(word);
		}
		expect(folder.run("compare", "--help").stdout).toContain("--lanes");
	});

	it("expects a command", () => {
		expect(error(2)).toBe("no command given; see prosody-push --help");
		expect(error(2, "dance")).toBe("unknown command 'dance'; see prosody-push --help");
	});

	it("expects options that it knows, and scenarios to run", () => {
		expect(error(2, "lanes", "--fast")).toBe("unknown option '--fast'; see prosody-push --help");
		expect(error(2, "run")).toBe("missing required argument 'scenario'; see prosody-push --help");
		expect(error(2, "lanes", "more")).toMatch(/too many arguments .* got 1; see prosody-push --help$/);
		expect(error(2, "run", "good.scs", "--lane")).toContain("argument missing");
	});

	it("expects lanes that there are", () => {
		const lanes = "ts@node, ts@fengari, lua@fengari, original@fengari, lua@prosody, original@prosody";
		const message = (name: string): string => `no lane is called "${name}": expected one of ${lanes}`;
		expect(error(2, "run", "good.scs", "--lane", "ts@moon")).toBe(message("ts@moon"));
		expect(error(2, "compare", "--lanes", "ts@node,")).toBe(message(""));
	});

	it("expects files that can be read", () => {
		expect(error(2, "run", "absent.scs")).toBe("cannot read absent.scs: no such file or folder");
		expect(error(2, "compare", "empty")).toBe("empty holds no scenario: expected files that end in .scs");
		const written = error(2, "run", "good.scs", "--trace", "absent/trace");
		expect(written).toBe("cannot write absent/trace: no such file or folder");
		expect(error(2, "lanes", "--original", "absent.lua")).toBe("cannot read absent.lua: no such file or folder");
		const root = error(2, "lanes", "--prosody-root", "good.scs");
		expect(root).toContain("--prosody-root good.scs: expected the folder");
	});

	it("expects fingerprints of eight hex digits", () => {
		const tag = "known-difference: ts@fengari terse 12ab";
		folder.write("tags/looks.scs", OFFLINE.replace("## module", `## ${tag}\n## module`));
		expect(error(2, "run", "tags/looks.scs")).toBe("tags/looks.scs:2: expected LANE ID or LANE ID LOOKS, LOOKS being "
			+ "eight hex digits, got \"ts@fengari terse 12ab\"");
	});

	it("expects a file system that lets it read and write", () => {
		mkdirSync(join(folder.path, "circle/usr"), { recursive: true });
		symlinkSync("lib", join(folder.path, "circle/usr/lib"));
		for (const command of [["lanes"], ["run", "good.scs", "--lane", "original@fengari"], ["compare", "good.scs"]]) {
			const message = error(2, ...command, "--prosody-root", "circle");
			expect(message).toMatch(/^cannot read circle\/usr\/lib\/prosody\/modules\/[^:]+\.lua: too many symbolic links$/);
		}
		expect(error(2, "run", "good.scs/more.scs")).toBe("cannot read good.scs/more.scs: part of the path is no folder");
		expect(error(2, "run", "good.scs", "--trace", ".")).toBe("cannot write .: it is a folder");
	});

	it("knows a module that the simulated server has itself", () => {
		folder.write("simulated/module.scs", OFFLINE.replace("cloud_notify", "smacks"));
		for (const command of ["run", "compare"]) {
			const message = "simulated/module.scs: mod_smacks is part of the simulated server: leave the tag out";
			expect(error(2, command, "simulated/module.scs")).toBe(message);
		}
	});

	it("reads all scenarios before it runs any", () => {
		expect(error(2, "run", "good.scs", "bad.scs")).toMatch(/^bad\.scs:26: /);
		expect(error(2, "compare", ".")).toMatch(/^bad\.scs:26: /);
	});

	it("expects modules that there are", () => {
		folder.write("other/module.scs", OFFLINE.replace("cloud_notify", "cloud_notfy"));
		expect(error(2, "run", "other/module.scs")).toMatch(/^other\/module\.scs: no module cloud_notfy on ts@node: /);
	});
});
