import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findLuaBuild } from "../../bridge/lua-build";
import { packageRoot } from "../../bridge/package-root";
import { Folder, build } from "./prosody-push";

let folder: Folder;
/** A position in the Lua file, and where it is from. */
let written: string;
let there: string;

const lineWith = (path: string, text: string): number => {
	return readFileSync(path, "utf8").split("\n").findIndex((line) => line.includes(text)) + 1;
};

beforeAll(() => {
	build();
	const line = lineWith(findLuaBuild("cloud_notify")!, "Module loaded");
	const file = "modules/mod_cloud_notify/index.ts";
	written = `/usr/local/lib/prosody/modules/mod_cloud_notify.lua:${line}`;
	there = `${file}:${lineWith(join(packageRoot(), file), "Module loaded")} (${written})`;
	folder = new Folder({ "prosody.log": `Jan 01 00:00:00 c2s1\terror\t${written}: bad\n\t${written}: in main chunk\n` });
});

afterAll(() => folder.remove());

describe("prosody-push locate", () => {
	it("names the TypeScript lines in a log", () => {
		expect(folder.run("locate", "prosody.log")).toEqual({
			status: 0, stderr: "", stdout: `Jan 01 00:00:00 c2s1\terror\t${there}: bad\n\t${there}: in main chunk\n`,
		});
	});

	it("leaves alone what is in another file of that name", () => {
		const line = written.slice(written.indexOf(":"));
		folder.write("mod_cloud_notify.lua", "-- something else\n");
		const others = [
			`/usr/lib/prosody/modules/mod_cloud_notify.lua${line}`, join(folder.path, `mod_cloud_notify.lua${line}`),
		].map((position) => `error ${position}: bad\n`).join("");
		folder.write("others.log", others);
		expect(folder.run("locate", "others.log").stdout).toBe(others);
		const own = `${findLuaBuild("cloud_notify")!}${line}`;
		folder.write("own.log", `error ${own}: bad\n`);
		expect(folder.run("locate", "own.log").stdout).toBe(`error ${there.replace(written, own)}: bad\n`);
	});

	it("reads standard input as it comes, and leaves alone what is no text", async () => {
		const { stdin, stdout, process } = piped("locate");
		const [half, rest] = [written.slice(0, 9), written.slice(9)];
		stdin.write(Buffer.from(`\xff first\r\n${half}`, "latin1"));
		expect(await stdout("\n")).toBe("\xff first\r\n");
		stdin.write(`${rest}: bad\n`);
		expect(await stdout("\n")).toBe(`${there}: bad\n`);
		stdin.end(`${written} at the end`);
		expect(await stdout("end")).toBe(`${there} at the end`);
		expect(await once(process, "exit")).toEqual([0, null]);
	});

	it("ends when nobody reads it", async () => {
		const { stdin, process } = piped("locate");
		stdin.on("error", () => undefined);
		process.stdout.destroy();
		const more = setInterval(() => stdin.write(`${written}\n`), 10);
		expect(await once(process, "exit")).toEqual([0, null]);
		clearInterval(more);
	});

	it.each([
		["none.log", "cannot read none.log: no such file or folder"],
		[".", "cannot read .: it is a folder"],
	])("says what is wrong with %s", (path, message) => {
		expect(folder.run("locate", path)).toEqual({ status: 2, stdout: "", stderr: `prosody-push: ${message}\n` });
	});
});

/** Runs prosody-push; `stdout(end)` is what it writes next, up to this end. */
function piped(...args: string[]) {
	const child = spawn(process.execPath, [join(packageRoot(), "dist", "cli.js"), ...args]);
	let unread = "";
	const stdout = async (end: string): Promise<string> => {
		while (!unread.includes(end)) {
			const [chunk] = await once(child.stdout, "data") as [Buffer];
			unread += chunk.toString("latin1");
		}
		const read = unread;
		unread = "";
		return read;
	};
	return { stdin: child.stdin, stdout, process: child };
}
