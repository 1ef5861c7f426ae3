import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder, OFFLINE, build } from "./prosody-push";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";

let folder: Folder;

beforeAll(() => {
	build();
	folder = new Folder({
		"offline.scs": OFFLINE,
		"unmet.scs": OFFLINE.replace("from=\"localhost\"", "from=\"elsewhere\""),
		"not-on.scs": OFFLINE.replace("## module", "## not-on: ts@node\n## module"),
		"known.scs": OFFLINE.replace("from=\"localhost\"", "from=\"elsewhere\"")
			.replace("## module", "## known-difference: ts@node elsewhere\n## module"),
	});
});

afterAll(() => folder.remove());

interface Entry {
	at: number;
	kind: string;
	to?: string;
	store?: string;
	user?: string;
}

function entries(text: string): Entry[] {
	return text.trimEnd().split("\n").map((line) => JSON.parse(line) as Entry);
}

describe("prosody-push run", () => {
	it.each(["ts@node", "ts@fengari"])("shows what happened on %s", (lane) => {
		const { status, stdout, stderr } = folder.run("run", "offline.scs", "--lane", lane);
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(stdout).toMatch(new RegExp(`^offline\\.scs on ${lane}: Message to an account that is offline\n`));
		expect(stdout).toMatch(/^ {2}27 {2}Romeo sends:\n {6,}0 s: stanza to push\.localhost\n {8,}<iq /m);
		expect(stdout).toContain("1 push; all expectations met\n");
	});

	it("shows the server's log from a level on", () => {
		const line = /^ +0 s: debug localhost:cloud_notify: Sending important push notification for juliet@localhost/m;
		expect(folder.run("run", "offline.scs", "--log", "debug").stdout).toMatch(line);
		expect(folder.run("run", "offline.scs").stdout).not.toMatch(line);
		const wrong = folder.run("run", "offline.scs", "--log", "loud");
		expect(wrong).toEqual({
			status: 2, stdout: "",
			stderr: 'prosody-push: no log level is called "loud": expected one of error, warn, info, debug\n',
		});
	});

	it("shows the log and what went out in the order in which it happened", () => {
		const { stdout } = folder.run("run", "offline.scs", "--log", "debug");
		const pushed = stdout.indexOf(": stanza to push.localhost");
		expect(stdout.indexOf("Sending important push notification for juliet@localhost")).toBeLessThan(pushed);
		const [, enabling = ""] = /Juliet sends:\n([^]*?)\n +23 {2}/.exec(stdout) ?? [];
		const logged = enabling.split("\n").flatMap((line) => /: (debug|info|stan|store)/.exec(line)?.[1] ?? []);
		expect(logged.lastIndexOf("debug")).toBeGreaterThan(logged.indexOf("store"));
	});

	it("prints the trace and nothing else", () => {
		const { status, stdout, stderr } = folder.run("run", "offline.scs", "--trace", "-");
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		const trace = entries(stdout);
		expect(trace.filter(({ kind }) => kind === "stanza")).toMatchObject([{ at: 0, to: "push.localhost" }]);
		expect(trace.filter(({ kind }) => kind === "reply")).toMatchObject([{ at: 0, to: "Juliet" }]);
		expect(trace.filter(({ store }) => store === "cloud_notify")).toMatchObject([{ user: "juliet" }]);
	});

	it("writes the trace to a file", () => {
		const printed = folder.run("run", "offline.scs", "--trace", "-").stdout;
		expect(folder.run("run", "offline.scs", "--trace", "trace.jsonl").status).toBe(0);
		expect(readFileSync(join(folder.path, "trace.jsonl"), "utf8")).toBe(printed);
	});

	it("fails where an expectation is not met", () => {
		const shown = folder.run("run", "unmet.scs");
		expect(shown.status).toBe(1);
		expect(shown.stdout).toMatch(/^unmet\.scs:29: App server receives:\n {2}failed on ts@node: .*elsewhere/m);
		const traced = folder.run("run", "unmet.scs", "--trace", "-");
		expect(traced.status).toBe(1);
		expect(traced.stderr).toMatch(/^unmet\.scs:29: on ts@node: [^\n]+\n$/);
		expect(entries(traced.stdout).length).toBeGreaterThan(0);
	});

	it("knows differences that are explained", () => {
		const { status, stdout } = folder.run("run", "known.scs");
		expect(status).toBe(0);
		expect(stdout).toContain("failed as known: elsewhere");
	});

	it("says so where a scenario is not run", () => {
		expect(folder.run("run", "not-on.scs")).toEqual({
			status: 0, stdout: "not-on.scs: not run on ts@node (not-on: ts@node)\n\n", stderr: "",
		});
	});

	it("shows its own errors where they happened", () => {
		folder.write("broken.mjs", "String.prototype.padStart = () => { throw new Error(\"broken\"); };\n");
		const { status, stderr } = folder.runWith({ NODE_OPTIONS: "--import ./broken.mjs" }, "run", "offline.scs");
		expect(status).toBe(2);
		expect(stderr).toMatch(/^prosody-push: Error: broken\n {4}at .*broken\.mjs:1:[^]+\/bridge\/[a-z/-]+\.ts:\d+:\d+\)/);
	});

	it("ends quietly when nobody reads on", () => {
		const cli = new URL("../../dist/cli.js", import.meta.url).pathname;
		const command = `"${process.execPath}" "${cli}" run ${"offline.scs ".repeat(20)} | head -n 1`;
		const { stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: folder.path, encoding: "utf8" });
		expect(stderr).toBe("");
		expect(stdout.split("\n")).toHaveLength(2);
	});
});
