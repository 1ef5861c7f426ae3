import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { corrected as correct, scenarios, webPushScenarios } from "./material";
import { Folder, build, type Ended } from "../cli/prosody-push";
import { fuzz, type Finding } from "../../bridge/fuzz/fuzz";
import { itWithOriginals } from "../originals/installed";
import { mod_cloud_notify } from "../../modules/mod_cloud_notify";
import { mod_web_push } from "../../modules/mod_web_push";
import { modules } from "../../modules";
import { parseScenario } from "../../bridge/scenario";
import type { HttpCallback, HttpRequestOptions, ProsodyModule } from "../../bridge/api";

/** As many steps as a finding may have, out of up to sixty. */
const FEW = 10;

/** Runs `prosody-push` in a folder, with no limit on time of its own. */
async function run(folder: Folder, ...args: string[]): Promise<Ended> {
	const cli = new URL("../../dist/cli.js", import.meta.url).pathname;
	return promisify(execFile)(process.execPath, [cli, ...args], { cwd: folder.path }).then(
		(output) => ({ status: 0, ...output }),
		({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ status: code, stdout, stderr }),
	);
}

describe("a fault in the original", () => {
	beforeAll(build);

	itWithOriginals("cloud_notify", "is found, made small, written, and reproduced by compare", async ({ path }) => {
		const source = readFileSync(path, "utf8");
		const count = "[\"message-count\"] = \"1\"";
		const folder = new Folder({
			"mod_cloud_notify.lua": source.replace(count, `${count} and stanza and stanza.attr.type == "normal" and "2" or "1"`),
		});
		try {
			const args = ["--original", "mod_cloud_notify.lua", "--lanes", "ts@node,original@fengari"];
			const { status, stdout } = await run(folder, "fuzz", "--runs", "300", "--seed", "1", "--findings", "1", ...args);
			expect(status, stdout).toBe(1);
			const file = readdirSync(folder.path).find((name) => /^fuzz-\d+\.scs$/.test(name))!;
			expect(stdout).toContain(`\n${file}: stanza to `);
			expect(stdout).toContain(`To see it again: prosody-push compare ${file} `);

			const script = readFileSync(join(folder.path, file), "utf8");
			expect(script).toMatch(/^# Lanes differ\n# On original@fengari, known differences corrected: stanza to /);
			expect(parseScenario(file, script).steps.length).toBeLessThanOrEqual(FEW);
			const compared = await run(folder, "compare", file, ...args);
			expect(compared).toMatchObject({ status: 1, stderr: "" });
			expect(compared.stdout).toMatch(/<value>1<\/value>.*<value>2<\/value>/);

			const seed = /\d+/.exec(file)![0];
			expect((await run(folder, "fuzz", "--runs", "1", "--seed", seed, ...args)).status).toBe(1);
			expect(readFileSync(join(folder.path, file), "utf8")).toBe(script);
		} finally {
			folder.remove();
		}
	}, { timeout: 240_000 });
});

describe("a fault in ours", () => {
	beforeAll(build);

	const ours = modules as Record<string, ProsodyModule>;
	afterEach(() => {
		ours.cloud_notify = mod_cloud_notify;
		ours.web_push = mod_web_push;
	});

	itWithOriginals("cloud_notify", "is found, and made small", async ({ path }) => {
		ours.cloud_notify = (module, prosody, require) => {
			mod_cloud_notify(new Proxy(module, {
				get(target, name) {
					const value: unknown = Reflect.get(target, name);
					if (name === "add_timer") return (delay: number, run: () => void) => target.add_timer(delay * 1.5, run);
					return typeof value === "function" ? value.bind(target) as unknown : value;
				},
			}), prosody, require);
		};
		const places = { original: path, prosodyRoot: "/" };
		const corrected = correct(["cloud_notify"], places);
		const findings: Finding[] = [];
		try {
			await fuzz({
				modules: ["cloud_notify"], scenarios, lanes: ["ts@node", "original@fengari"], places, corrected,
				runs: 300, steps: 60, seed: 1, patience: 60,
			}, { onFinding: (finding) => findings.push(finding), isOver: () => findings.length > 0 });
		} finally {
			corrected.remove();
		}
		expect(findings).toHaveLength(1);
		expect(parseScenario("fuzz.scs", findings[0]!.script).steps.length).toBeLessThanOrEqual(FEW);
	}, { timeout: 240_000 });

	it("is found in what goes to push services, and made small", { timeout: 240_000 }, async () => {
		ours.web_push = (module, prosody, require) => {
			const http = require("net.http");
			const request = (url: string, options: HttpRequestOptions, callback: HttpCallback) => {
				const { Urgency, ...headers } = options.headers!;
				return http.request(url, { ...options, headers: { ...headers, Urgency: Urgency === "high" ? "normal" : Urgency! } }, callback);
			};
			const changed = { ...http, request };
			mod_web_push(module, prosody, ((name: string) => (name === "net.http" ? changed : require(name as never))) as typeof require);
		};
		const findings: Finding[] = [];
		await fuzz({
			modules: ["web_push"], scenarios: webPushScenarios, lanes: ["ts@node", "lua@fengari"], places: { prosodyRoot: "/nonexistent" },
			runs: 100, steps: 60, seed: 1, patience: 60,
		}, { onFinding: (finding) => findings.push(finding), isOver: () => findings.length > 0 });
		expect(findings).toHaveLength(1);
		expect(findings[0]!.disagreements[0]!.kind).toBe("different http");
		expect(parseScenario("fuzz.scs", findings[0]!.script).steps.length).toBeLessThanOrEqual(FEW);
	});
});
