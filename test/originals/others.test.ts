import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { tmpdir } from "node:os";
import { build } from "../cli/prosody-push";
import { compareScenarios } from "../../bridge/cli/compare-scenarios";
import { itWithOriginals } from "./installed";
import { parseScenario } from "../../bridge/scenario";
import { readScenarios } from "../../bridge/cli/scenario-files";
import { runOnLane } from "../../bridge/lanes/run";
import type { LaneName } from "../../bridge/lanes/lane";
import type { LaneSelector } from "../../bridge/scenario/lane-selector";
import type { Places } from "../../bridge/lanes/originals";
import type { ScenarioFile } from "../../bridge/cli/scenario-files";

/** The lanes that can have upstream modules among ours: TypeScript, Lua built of it; and the originals alone. */
const LANES: readonly LaneName[] = ["ts@fengari", "lua@fengari", "original@fengari"];

/** The extensions that there is an original of. */
const EXTENSIONS = ["cloud_notify_filters", "cloud_notify_encrypted", "cloud_notify_priority_tag", "cloud_notify_extensions"];

const scenarios = readScenarios([]);

beforeAll(build);

function scenariosOf(module: string): ScenarioFile[] {
	return scenarios.filter(({ label }) => dirname(label) === module);
}

/** The folder of modules that a module is in, some of which are taken from there on every lane. */
function places(path: string, ...upstream: string[]): Places {
	return { original: dirname(dirname(path)), prosodyRoot: "/", upstream };
}

/** How scenarios went on the lanes that ran them, by their names: `agrees`, if on all. */
async function verdicts(files: readonly ScenarioFile[], where: Places): Promise<Map<string, string>> {
	const verdicts = new Map<string, string>();
	for (const file of files) {
		// A scenario takes no turn of the event loop, which vitest needs now and then.
		await setImmediate();
		const [compared] = await compareScenarios([file], LANES, where, () => undefined);
		const ran = compared!.results.filter(({ result }) => result !== "not run");
		if (ran.length === 0) continue;
		const bad = ran.find(({ result }) => result !== "reference" && result !== "agrees");
		verdicts.set(file.label, bad ? `${bad.result} on ${bad.lane}` : ran.length === LANES.length ? "agrees" : "agrees, on fewer");
	}
	return verdicts;
}

/** Those that say of no original of 13.0 that it does otherwise, and run beside all of them. */
function withoutDifferences(files: readonly ScenarioFile[]): string[] {
	const isOfAnother = ({ series }: LaneSelector): boolean => series === "0.12";
	const plain = files.filter(({ scenario: { knownDifferences, notOn } }) => {
		return [...notOn, ...knownDifferences.map(({ lane }) => lane)].every(isOfAnother);
	});
	return plain.map(({ label }) => label);
}

describe.each(EXTENSIONS)("mod_%s", (module) => {
	const mix = (name: string, ...upstream: string[]): void => {
		itWithOriginals(module, name, async ({ path }) => {
			const found = await verdicts(scenariosOf(module), places(path, ...upstream));
			expect(Object.fromEntries(found)).toMatchObject(Object.fromEntries(
				withoutDifferences(scenariosOf(module)).map((label) => [label, "agrees"]),
			));
			expect([...found].filter(([, verdict]) => !verdict.startsWith("agrees"))).toEqual([]);
			expect(found.size).toBeGreaterThan(3);
		}, { timeout: 240_000 });
	};
	mix("of ours does on top of the original what it does on ours, and the originals do", "cloud_notify");
	mix("of upstream does on top of ours what it does on the original", module);
});

/** As a server has them that replaces mod_cloud_notify alone. */
describe("all extensions of upstream", () => {
	itWithOriginals("cloud_notify_extensions", "do on top of ours what they do on the original", async ({ path }) => {
		const files = scenariosOf("cloud_notify_extensions");
		const found = await verdicts(files, places(path, ...EXTENSIONS));
		expect(Object.fromEntries(found)).toEqual(Object.fromEntries(withoutDifferences(files).map((label) => [label, "agrees"])));
		expect(found.size).toBeGreaterThan(3);
	}, { timeout: 240_000 });
});

describe("a mix", () => {
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "prosody-push-"));
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	itWithOriginals("cloud_notify_filters", "is not said to work if it does not", async ({ path }) => {
		cpSync(dirname(dirname(path)), folder, { recursive: true, dereference: true, filter: (name) => !/\bmod_(?!cloud_notify)/.test(name) });
		const muted = scenariosOf("cloud_notify_filters").filter(({ label }) => label.endsWith("/muted.scs"));
		const where = { original: folder, prosodyRoot: "/", upstream: ["cloud_notify_filters"] };
		expect(await verdicts(muted, where)).toEqual(new Map([["cloud_notify_filters/muted.scs", "agrees"]]));
		// It filters nothing.
		writeFileSync(join(folder, "mod_cloud_notify_filters/mod_cloud_notify_filters.lua"), "-- nothing\n");
		expect(await verdicts(muted, where)).toEqual(new Map([["cloud_notify_filters/muted.scs", "failed on ts@fengari"]]));
	});
});

const MIXES = [[], ["cloud_notify"], ["cloud_notify_encrypted"]];

/** What the pushes of a scenario say, decrypted. */
async function payloads(name: string, lane: LaneName, where: Places): Promise<unknown[]> {
	const { scenario } = scenarios.find(({ label }) => label === join("cloud_notify_encrypted", `${name}.scs`))!;
	const { recording, failure } = await runOnLane(scenario, lane, where);
	expect(failure).toBe(undefined);
	const pushes = recording.entries.filter((entry) => entry.kind === "stanza" && entry.to === "push.localhost");
	return pushes.map((entry) => (entry.kind === "stanza" ? entry.payload : undefined));
}

describe.each(LANES)("encrypted pushes on %s", (lane) => {
	const chat = { unread: 1, sender: "romeo@localhost", type: "chat" };

	itWithOriginals("cloud_notify_encrypted", "say what the message says, in every mix", async ({ path }) => {
		for (const upstream of MIXES) {
			const read = (name: string): Promise<unknown[]> => payloads(name, lane, places(path, ...upstream));
			expect(await read("message")).toEqual([{ ...chat, message: "But soft, what light" }]);
			expect(await read("groupchat")).toEqual([
				{ unread: 1, sender: "balcony@rooms.localhost", nickname: "romeo", type: "groupchat", message: "Hello all" },
			]);
			expect(await read("call")).toEqual([
				{ unread: 1, sender: "romeo@localhost/orchard", type: "call", sid: "call1", media: ["audio"] },
			]);
			expect(await read("queue")).toEqual([
				{ unread: 1, sender: "romeo@localhost", type: "subscribe" }, { ...chat, message: "One" },
			]);
			expect(await read("with-body-and-sender")).toEqual([{ ...chat, message: "Hello" }]);
			expect(await read("bodies")).toEqual([
				{ ...chat, message: "A plain one" },
				// 254 bytes: the next character has two.
				{ ...chat, message: `${"Wherefore art thou? ".repeat(12)}ééééééé` },
				{ ...chat, message: "You have received an encrypted message" },
				{ ...chat, message: "You have received an encrypted message" },
				{ ...chat, message: "" },
			]);
		}
	}, { timeout: 60_000 });
});

const PING = `## module: cloud_notify
## module: MODULE

[Client] Juliet
	jid: juliet@localhost/phone

[Component] App server
	jid: push.localhost

---------

Juliet connects
Juliet sends:
	<iq type="set" id="e1">
		<enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="n1">
			<encrypt xmlns="tigase:push:encrypt:0" alg="aes-128-gcm">MDEyMzQ1Njc4OWFiY2RlZg==</encrypt>
		</enable>
	</iq>
localhost fires cloud-notify-ping for juliet
App server receives:
	<iq type="set"/>
`;

/** A push that is about no stanza is nothing that the originals expect. Ours must not hide it, and do otherwise themselves. */
describe("a ping", () => {
	const ping = (module: string, script = PING) => parseScenario("ping.scs", script.replace("MODULE", module));
	const failureOn = async (lane: LaneName, scenario: ReturnType<typeof ping>, where: Places): Promise<string | undefined> => {
		return (await runOnLane(scenario, lane, where)).failure?.message;
	};

	describe.each(LANES)("on %s", (lane) => {
		itWithOriginals("cloud_notify_filters", "fails in the original mod_cloud_notify_filters, always", async ({ path }) => {
			expect(await failureOn(lane, ping("cloud_notify_filters"), places(path, "cloud_notify_filters")))
				.toMatch(/mod_cloud_notify_filters\.lua:62: attempt to index a nil value \(local 'stanza'\)$/);
		});

		itWithOriginals("cloud_notify_encrypted", "fails in the original mod_cloud_notify_encrypted, if it is to be encrypted", async ({ path }) => {
			const where = places(path, "cloud_notify_encrypted");
			expect(await failureOn(lane, ping("cloud_notify_encrypted"), where))
				.toMatch(/mod_cloud_notify_encrypted\.lua:\d+: attempt to index a nil value/);
			const plain = PING.replace(/\t*<encrypt .*\n/, "");
			expect(await failureOn(lane, ping("cloud_notify_encrypted", plain), where)).toBe(undefined);
		});
	});

	it.each(["ts@node", "ts@fengari", "lua@fengari"] as const)("fails in none of ours on %s", async (lane) => {
		for (const module of EXTENSIONS) {
			expect(await failureOn(lane, ping(module), { prosodyRoot: "/nonexistent" })).toBe(undefined);
		}
	});
});
