import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dirname, join } from "node:path";
import { build } from "../../cli/prosody-push";
import { encrypted_in, KEY, open } from "./opened";
import { itUnlessLacking, prosodyRoots } from "../../prosody-here";
import { libraryMissing } from "../../../bridge/lanes/applies";
import { missingFor } from "../../../bridge/prosody/root";
import { readScenarios } from "../../../bridge/cli/scenario-files";
import { runOnLane } from "../../../bridge/lanes/run";
import { ServerPool } from "../../../bridge/prosody/pool";
import type { LaneName } from "../../../bridge/lanes/lane";
import type { ScenarioFile } from "../../../bridge/cli/scenario-files";

/** That of `spec/scenarios/cloud_notify_encrypted/replaced-key.scs` and others, where there are two. */
const OTHER_KEY = "ZmVkY2JhOTg3NjU0MzIxMA==";

const files = readScenarios([]).filter(({ label }) => dirname(label) === "cloud_notify_encrypted");

interface Pushed {
	iv: string;
	/** Of the keys that clients gave: which. */
	key: string;
	json: string;
}

/** What the pushes of a scenario say, decrypted by other means than lanes are compared by, which must find the same. */
async function pushed({ scenario }: ScenarioFile, lane: LaneName, root: string, servers?: ServerPool): Promise<Pushed[]> {
	const { recording, failure } = await runOnLane(scenario, lane, { prosodyRoot: root }, servers);
	expect(failure).toBe(undefined);
	return recording.entries.flatMap((entry) => {
		const found = entry.kind === "stanza" ? encrypted_in(entry.xml) : undefined;
		if (entry.kind !== "stanza" || !found) return [];
		const opened = [KEY, OTHER_KEY].flatMap((key) => {
			try {
				return { iv: found.iv, key, json: open(found, key) };
			} catch {
				return [];
			}
		});
		expect(opened).toHaveLength(1);
		const [{ json }] = opened as [Pushed];
		expect(Buffer.byteLength(json)).toBeLessThanOrEqual(3000);
		expect(JSON.parse(json)).toEqual(entry.payload);
		expect(found.type).toBe((JSON.parse(json) as { type?: string }).type === "call" ? "voip" : undefined);
		return opened;
	});
}

function named(...names: string[]): ScenarioFile[] {
	return names.map((name) => files.find(({ label }) => label === join("cloud_notify_encrypted", `${name}.scs`))!);
}

beforeAll(build);

describe.each(["ts@node", "ts@fengari", "lua@fengari"] as const)("encrypted pushes on %s", (lane) => {
	it("are decrypted, with their tags, by others, and no vector comes twice", { timeout: 120_000 }, async () => {
		const all: Pushed[] = [];
		for (const file of files) {
			const found = await pushed(file, lane, "/");
			expect(new Set(found.map(({ iv }) => iv)).size).toBe(found.length);
			all.push(...found);
		}
		expect(all.length).toBeGreaterThan(40);
	});

	it("are for the key that the client gave last, each for its own", async () => {
		const keys = async (name: string): Promise<string[]> => (await pushed(named(name)[0]!, lane, "/")).map(({ key }) => key);
		expect(await keys("replaced-key")).toEqual([KEY, OTHER_KEY]);
		expect(await keys("no-longer-encrypted")).toEqual([KEY, OTHER_KEY]);
		expect((await keys("two-devices")).sort()).toEqual([KEY, OTHER_KEY]);
	});
});

describe.each(prosodyRoots)("encrypted pushes of the Prosody in %s", (root) => {
	let servers: ServerPool;
	beforeAll(() => {
		servers = new ServerPool();
	});
	afterAll(() => servers.close());

	const asked = named("message", "call", "escapes", "hostile-lengths", "max-size", "replaced-key");
	// Before the modules are built.
	const lacking = missingFor(root)?.missing ?? libraryMissing(asked[0]!.scenario, "lua@prosody", { prosodyRoot: root });

	itUnlessLacking(lacking, "are decrypted, with their tags, by others, and no vector comes twice", async () => {
		const all = await Promise.all(asked.map((file) => pushed(file, "lua@prosody", root, servers)));
		const vectors = all.flat().map(({ iv }) => iv);
		expect(vectors).toHaveLength(18);
		expect(new Set(vectors).size).toBe(18);
	}, 60_000);
});
