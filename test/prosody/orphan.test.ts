import { afterAll, describe, expect } from "vitest";
import { buildSync } from "esbuild";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isRunning } from "./is-running";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { missingFor } from "../../bridge/prosody/root";
import { once } from "node:events";
import { packageRoot } from "../../bridge/package-root";
import { setTimeout as milliseconds } from "node:timers/promises";
import { spawn } from "node:child_process";

/** Starts a server and says where; then ends as it is told, or waits to be ended. */
const PROGRAM = `
import { startProsody } from ${JSON.stringify(join(packageRoot(), "bridge/prosody/server.ts"))};
const [, , root, how] = process.argv;
const server = await startProsody(root);
console.log(JSON.stringify({ pid: server.pid, folder: server.dataFolder }));
if (how === "exit") process.exit(0);
if (how === "throw") throw new Error("as it was told");
`;

// Within the package, where the program looks for the control module.
const folder = mkdtempSync(join(packageRoot(), "node_modules/.test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const program = join(folder, "program.mjs");
buildSync({
	stdin: { contents: PROGRAM, resolveDir: packageRoot(), loader: "ts" },
	bundle: true, platform: "node", format: "esm", outfile: program,
});

describe.each(prosodyRoots)("the Prosody in %s ends, and its folder goes, when who started it", (root) => {
	const lacking = missingFor(root)?.missing;
	async function expectEnd(how: string): Promise<void> {
		const starter = spawn(process.execPath, [program, root, how], { stdio: ["ignore", "pipe", "ignore"] });
		const ended = once(starter, "close");
		const [line] = await once(starter.stdout, "data") as [Buffer];
		const { pid, folder: data } = JSON.parse(String(line)) as { pid: number; folder: string };
		if (how.startsWith("SIG")) {
			expect(isRunning(pid)).toBe(true);
			starter.kill(how as NodeJS.Signals);
		}
		await ended;
		const gone = (): boolean => !isRunning(pid) && !existsSync(dirname(data));
		for (let i = 0; i < 100 && !gone(); i++) await milliseconds(50);
		expect(isRunning(pid)).toBe(false);
		expect(existsSync(dirname(data)) ? readdirSync(dirname(data)) : []).toEqual([]);
		expect(existsSync(dirname(data))).toBe(false);
	}

	for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"]) {
		itUnlessLacking(lacking, `is ended by ${signal}`, () => expectEnd(signal));
	}
	itUnlessLacking(lacking, "exits", () => expectEnd("exit"));
	itUnlessLacking(lacking, "throws", () => expectEnd("throw"));
});
