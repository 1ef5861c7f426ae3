import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder, TERSE, build } from "../cli/prosody-push";

let folder: Folder;

beforeAll(() => {
	build();
	folder = new Folder({ "mod_terse.lua": TERSE });
});

afterAll(() => folder.remove());

const OURS = ["--lanes", "ts@node,ts@fengari"];

describe("prosody-push fuzz", () => {
	it("runs random scenarios on the lanes, and says how it went", () => {
		const { status, stdout } = folder.run("fuzz", "--runs", "5", "--seed", "7", ...OURS);
		expect(status).toBe(0);
		expect(stdout).toMatch(/^seed 7: 5 runs of up to 60 steps on ts@node, ts@fengari\n/);
		expect(stdout).toMatch(/\n5 runs, \d+ push(es)?, [\d.]+ runs a second, seed 7: 5 agree\n$/);
	});

	it("does the same with the same seed", () => {
		const pushes = () => /\d+ pushe?s?/.exec(folder.run("fuzz", "--runs", "8", "--seed", "9", ...OURS).stdout)![0];
		expect(pushes()).toBe(pushes());
	});

	it("takes modules of others, which need no scenarios", () => {
		const lanes = ["--lanes", "original@fengari,original@fengari"];
		const one = folder.run("fuzz", "--module", "terse", "--original", ".", "--runs", "3", ...lanes);
		expect(one.stderr).toContain("no scenarios of terse to take words from");
		expect(one.status).toBe(0);
	});

	it("takes the modules of the scenarios that it is given", () => {
		folder.write("terse.scs", "## module: terse\n[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo connects\n");
		const lanes = ["--lanes", "original@fengari,original@fengari"];
		const { status, stderr } = folder.run("fuzz", "terse.scs", "--original", ".", "--runs", "2", ...lanes);
		expect(stderr).toBe("");
		expect(status).toBe(0);
		expect(folder.run("fuzz", "terse.scs", ...OURS).stderr).toContain("prosody-push has no module terse");
	});

	it.each([
		[["--lanes", "ts@node"], 2, "expected two lanes or more"],
		[["--lanes", "ts@node,lua@prosody"], 2, "--lanes lua@prosody: random scenarios wait for hours and days"],
		[["--runs", "none"], 2, "option '--runs <n>' argument 'none' is invalid. expected a whole number from 1 to 4294"],
		[["--runs", "0"], 2, "expected a whole number from 1 to"],
		[["--seed", "-1"], 2, "argument '-1' is invalid. expected a whole number from 0 to 4294967295"],
		[["--seed", "4294967296"], 2, "expected a whole number from 0 to 4294967295"],
		[["--limit", "3000000"], 2, "expected a whole number from 1 to 604800"],
		[["--module", ","], 2, "--module names none"],
		[["--output", "nowhere"], 2, "cannot read nowhere: no such file or folder"],
		[["--lanes", "ts@node,original@fengari", "--prosody-root", "."], 3, "cannot run on original@fengari"],
		[["--module", "elsewhere", ...OURS], 3, "cannot run on ts@node: prosody-push has no module elsewhere"],
		[["--module", "smacks", ...OURS], 2, "mod_smacks is part of the simulated server"],
		[["nowhere.scs", ...OURS], 2, "cannot read nowhere.scs"],
	])("says what is wrong with %j", (args, status, message) => {
		const ended = folder.run("fuzz", ...args);
		expect(ended.stderr).toContain(message);
		expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
		expect(ended.status).toBe(status);
	});

	it("says of a module that fails to load that it never began", () => {
		folder.write("broken/mod_cloud_notify.lua", "error('no luck');");
		const lanes = ["--lanes", "ts@node,original@fengari"];
		const { status, stdout } = folder.run("fuzz", "--original", "broken", "--findings", "1", "--seed", "2", ...lanes);
		expect(stdout).toMatch(/fuzz-2\.scs: on original@fengari, before the first step: .*mod_cloud_notify\.lua:1: no luck\n/);
		expect(status).toBe(1);
	});

	it("writes down what never ends", () => {
		folder.write("mod_endless.lua", "module:hook('message/bare', function () while true do end end, 10);");
		const lanes = ["--lanes", "original@fengari,original@fengari"];
		const { stderr } = folder.run("fuzz", "--module", "endless", "--original", ".", "--limit", "2", "--seed", "1", ...lanes);
		const file = /(fuzz-\d+\.scs): this did not end within 2 seconds/.exec(stderr)?.[1];
		expect(file).toBeDefined();
		expect(readFileSync(join(folder.path, file!), "utf8")).toContain("does not end within 2 seconds");
	});

	it("ends with the summary when it is interrupted", async () => {
		const cli = new URL("../../dist/cli.js", import.meta.url).pathname;
		const process_ = spawn(process.execPath, [cli, "fuzz", "--runs", "100000", ...OURS], { cwd: folder.path });
		let text = "";
		process_.stdout.on("data", (data: Buffer) => {
			if (text === "") setTimeout(() => process_.kill("SIGINT"), 1000);
			text += data.toString();
		});
		const [status] = await once(process_, "close") as [number];
		expect(status, text).toBe(0);
		expect(text).toMatch(/\n\d+ runs, .*: \d+ agree\n$/);
	});
});
