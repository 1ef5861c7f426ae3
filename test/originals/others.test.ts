import { describe, expect } from "vitest";
import { dirname, join } from "node:path";
import { compareScenarios } from "../../bridge/cli/compare-scenarios";
import { itWithOriginals } from "./installed";
import { parseScenario } from "../../bridge/scenario";
import { readScenarios } from "../../bridge/cli/scenario-files";
import { runOnLane } from "../../bridge/lanes/run";
import type { LaneName } from "../../bridge/lanes/lane";
import type { Places } from "../../bridge/lanes/originals";

/** What the modules of others run on top of: TypeScript, Lua built of it, and the original. */
const LANES: readonly LaneName[] = ["ts@fengari", "lua@fengari", "original@fengari"];

const scenarios = readScenarios([]);

function scenariosOf(module: string) {
	return scenarios.filter(({ label }) => dirname(label) === module);
}

/** The folder of modules that a module is in. */
function places(path: string): Places {
	return { original: dirname(dirname(path)), prosodyRoot: "/" };
}

/** What the pushes of a scenario say, decrypted. */
async function payloads(name: string, lane: LaneName, where: Places): Promise<unknown[]> {
	const { scenario } = scenarios.find(({ label }) => label === join("cloud_notify_encrypted", `${name}.scs`))!;
	const { recording, failure } = await runOnLane(scenario, lane, where);
	expect(failure).toBe(undefined);
	const pushes = recording.entries.filter((entry) => entry.kind === "stanza" && entry.to === "push.localhost");
	return pushes.map((entry) => (entry.kind === "stanza" ? entry.payload : undefined));
}

describe.each(["filters", "encrypted", "priority_tag", "extensions"])("unmodified, mod_cloud_notify_%s", (name) => {
	const module = `cloud_notify_${name}`;

	itWithOriginals(module, "does on top of ours what it does on top of the original", async ({ path }) => {
		const files = scenariosOf(module);
		const compared = await compareScenarios(files, LANES, places(path), () => undefined);
		expect(files).not.toEqual([]);
		expect(compared.map(({ label, results }) => [label, ...results.map(({ result }) => result)]))
			.toEqual(files.map(({ label }) => [label, "reference", "agrees", "agrees"]));
	}, { timeout: 60_000 });
});

describe.each(LANES)("encrypted pushes on %s", (lane) => {
	const chat = { unread: 1, sender: "romeo@localhost", type: "chat" };

	itWithOriginals("cloud_notify_encrypted", "say what the message says", async ({ path }) => {
		const read = (name: string): Promise<unknown[]> => payloads(name, lane, places(path));
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
	});
});

const PING = `## module: cloud_notify
## with: MODULE

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

/** A push that is about no stanza is nothing that they expect. Theirs to mend: ours must not hide it. */
describe.each(LANES)("a ping on %s", (lane) => {
	itWithOriginals("cloud_notify_filters", "fails in mod_cloud_notify_filters, always", async ({ path }) => {
		const scenario = parseScenario("ping.scs", PING.replace("MODULE", "cloud_notify_filters"));
		expect((await runOnLane(scenario, lane, places(path))).failure?.message)
			.toMatch(/mod_cloud_notify_filters\.lua:62: attempt to index a nil value \(local 'stanza'\)$/);
	});

	itWithOriginals("cloud_notify_encrypted", "fails in mod_cloud_notify_encrypted, if it is to be encrypted", async ({ path }) => {
		const run = async (script: string): Promise<string | undefined> => {
			const scenario = parseScenario("ping.scs", script.replace("MODULE", "cloud_notify_encrypted"));
			return (await runOnLane(scenario, lane, places(path))).failure?.message;
		};
		expect(await run(PING)).toMatch(/mod_cloud_notify_encrypted\.lua:\d+: attempt to index a nil value/);
		expect(await run(PING.replace(/\t*<encrypt .*\n/, ""))).toBe(undefined);
	});
});
