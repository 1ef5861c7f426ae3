import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { Report } from "../../bench/figures";

const run = fileURLToPath(new URL("../../bench/run.mjs", import.meta.url));

it("measures, and says in JSON what came of it", { timeout: 300_000 }, async () => {
	const parts = ["pushes", "encrypted", "requests", "delivered", "first", "users", "groupchat", "memory", "start"];
	const { stdout } = await promisify(execFile)(process.execPath, [run, "--quick", "--json", "--only", ...parts]);
	const { figures, verdicts, missing } = JSON.parse(stdout) as Report;

	const measured = new Set(figures.map(({ what, of }) => `${what} (${of})`));
	for (const figure of [
		"pushes (ts@node)", "pushes (ts@fengari)", "start (ts@node)", "start (ts@fengari)",
		"a push, 3 devices each (ts@node, 10 users)", "a groupchat message (ts@node, 10 members)",
		"memory after 1,000 answered pushes (ts@node)", "memory after 1,000 unanswered pushes (ts@node)",
		"memory after two minutes more (ts@node)", "memory kept of an answered push (ts@node)",
		"pushes (lua@fengari)", "start (lua@fengari)",
		"encrypted pushes (web-push)", "encrypted pushes (ts@node)", "encrypted pushes (ts@fengari)",
		"encrypted pushes (lua@fengari)",
		"requests prepared (web-push)", "requests prepared (ts@node)", "requests prepared (ts@fengari)",
		"requests prepared (lua@fengari)",
		"requests delivered (ts@node, 8 at a time)", "requests delivered (web-push, 8 at a time)",
		"requests delivered (ts@node, 32 at a time)", "requests delivered (web-push with an agent, 32 at a time)",
		"memory after 400 delivered requests (ts@node)",
	]) expect(measured).toContain(figure);
	for (const { value, unit } of figures) {
		expect(value).toBeTypeOf("number");
		if (unit !== "MB" && unit !== "B") expect(value).toBeGreaterThan(0);
	}
	for (const verdict of verdicts) {
		expect(verdict).toEqual({
			what: expect.any(String), value: expect.any(Number), unit: expect.any(String), target: expect.any(String),
			ok: expect.any(Boolean),
		});
	}
	// Without a Prosody there is nothing to compare with, and it is said so.
	if (process.env.PROSODY_REQUIRED) expect(missing).toEqual([]);
	expect(measured.has("pushes (original@fengari (0.12))") || missing.length > 0).toBe(true);

	const underLua = [...measured].filter((figure) => figure.includes("original@lua5.4"));
	expect(underLua.length > 0 || missing.length > 0).toBe(true);
	for (const figure of underLua) expect(measured).toContain(figure.replace("original@", "lua@"));
});
