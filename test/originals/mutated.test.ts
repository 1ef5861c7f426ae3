import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { itWithOriginals } from "./installed";

const cli = new URL("../../dist/cli.js", import.meta.url).pathname;
const scenario = new URL("../../spec/scenarios/cloud_notify/headline.scs", import.meta.url).pathname;

async function compare(original: string): Promise<{ status: number; output: string }> {
	const args = [cli, "compare", scenario, "--original", original, "--lanes", "ts@node,original@fengari"];
	return promisify(execFile)(process.execPath, args, { env: { ...process.env, NO_COLOR: "1" } }).then(
		({ stdout }) => ({ status: 0, output: stdout }),
		(error: { code: number; stdout: string }) => ({ status: error.code, output: error.stdout }),
	);
}

describe("compare, given an original with one rule changed", () => {
	itWithOriginals("cloud_notify", "finds the difference", async ({ path }) => {
		const source = readFileSync(path, "utf8");
		const changed = source.replace('st_type == "headline"', 'st_type == "headlines"');
		expect(changed).not.toBe(source);
		const folder = mkdtempSync(join(tmpdir(), "prosody-push-"));
		try {
			const copy = join(folder, "mod_cloud_notify.lua");
			writeFileSync(copy, source);
			expect(await compare(copy)).toMatchObject({ status: 0 });
			writeFileSync(copy, changed);
			const { status, output } = await compare(copy);
			expect(status).toBe(1);
			expect(output).toMatch(/stanza to push\.localhost, .* differs/);
			expect(output).toMatch(/ts@node +\| original@fengari/);
			expect(output).toMatch(/^ *> .*<value>New Message!<\/value>/m);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
