import { ctr } from "@noble/ciphers/aes.js";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { compareScenarios } from "../../../bridge/cli/compare-scenarios";
import { encrypted_in, KEY, open, type Encrypted } from "./opened";
import { findOriginal, type Original, type Places } from "../../../bridge/lanes/originals";
import { itUnlessLacking, prosodyRoots } from "../../prosody-here";
import { parseScenario } from "../../../bridge/scenario";
import { readScenarios } from "../../../bridge/cli/scenario-files";
import { runOnLane } from "../../../bridge/lanes/run";

function found(module: string, series: Original["series"]): string | undefined {
	const originals = prosodyRoots.flatMap((prosodyRoot) => findOriginal(module, { prosodyRoot }) ?? []);
	return originals.find((original) => original.series === series)?.path;
}

/** Debian 12 has the one, Debian 13 the other, which an operator of 0.12 can install. */
const cloud_notify = found("cloud_notify", "0.12");
const encrypted = prosodyRoots.flatMap((prosodyRoot) => findOriginal("cloud_notify_encrypted", { prosodyRoot }) ?? [])[0]?.path;
const lacking = cloud_notify === undefined ? "no mod_cloud_notify of 0.12 here"
	: encrypted === undefined ? "no mod_cloud_notify_encrypted here" : undefined;

const message = readScenarios([]).find(({ label }) => label === join("cloud_notify_encrypted", "message.scs"))!;

/** What comes while nobody is connected is there when somebody is. */
const STORED = parseScenario("stored.scs", `## module: cloud_notify
## module: cloud_notify_encrypted

[Client] Juliet
	jid: juliet@localhost/phone

[Client] Romeo
	jid: romeo@localhost/orchard

---------

Juliet connects
Juliet sends:
	<iq type="set" id="e1">
		<enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="n1">
			<encrypt xmlns="tigase:push:encrypt:0" alg="aes-128-gcm">${KEY}</encrypt>
		</enable>
	</iq>
Juliet receives:
	<iq type="result" id="e1"/>
Juliet disconnects
Romeo connects
Romeo sends:
	<message to="juliet@localhost" type="chat"><body>Hello</body></message>
Juliet connects
Juliet sends:
	<presence/>
Juliet receives:
	<presence/>
Juliet receives:
	<message from="romeo@localhost/orchard"><body>Hello</body></message>
`);

/** What a client reads that does not look at the tag: AES-GCM is counter mode then, from 2 on (NIST SP 800-38D, 7.1). */
function unchecked({ iv, data }: Encrypted): string {
	const counter = Buffer.concat([Buffer.from(iv, "base64"), Buffer.of(0, 0, 0, 2)]);
	return Buffer.from(ctr(Buffer.from(KEY, "base64"), counter).decrypt(Buffer.from(data, "base64").subarray(0, -16))).toString();
}

function put(folder: string, module: string, source: string): void {
	mkdirSync(join(folder, `mod_${module}`), { recursive: true });
	writeFileSync(join(folder, `mod_${module}`, `mod_${module}.lua`), source);
}

describe("the original on Prosody 0.12", () => {
	let folder: string;
	let where: Places;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "prosody-push-"));
		where = { original: folder, prosodyRoot: "/" };
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	itUnlessLacking(lacking, "fails to push what is to be encrypted, and to store it", async () => {
		put(folder, "cloud_notify", readFileSync(cloud_notify!, "utf8"));
		cpSync(dirname(encrypted!), join(folder, "mod_cloud_notify_encrypted"), { recursive: true, dereference: true });
		const [compared] = await compareScenarios([message], ["ts@node", "original@fengari"], where, () => undefined);
		expect(compared!.results.map(({ result }) => result)).toEqual(["reference", "known"]);

		const { log } = await runOnLane(message.scenario, "original@fengari", where);
		expect(log.map(({ message }) => message).join("\n")).toMatch(/attempt to index a nil value \(global 'ciphers'\)/);
		expect((await runOnLane(STORED, "ts@node", { prosodyRoot: "/" })).failure).toBe(undefined);
		expect((await runOnLane(STORED, "original@fengari", where)).failure?.message).toBe("Juliet received nothing within 5 seconds");
	});

	itUnlessLacking(lacking, "would write 16 NUL bytes for the tag, which no client that checks it takes, nor do lanes", async () => {
		put(folder, "cloud_notify", readFileSync(cloud_notify!, "utf8"));
		const source = readFileSync(encrypted!, "utf8");
		const mended = source.replace("ciphers.new(", "ossl_ciphers.new(");
		expect(mended).not.toBe(source);
		put(folder, "cloud_notify_encrypted", mended);

		const { recording, failure } = await runOnLane(message.scenario, "original@fengari", where);
		expect(failure).toBe(undefined);
		const [push] = recording.entries.filter((entry) => entry.kind === "stanza" && encrypted_in(entry.xml) !== undefined);
		if (push?.kind !== "stanza") throw new Error("no push");
		const found = encrypted_in(push.xml)!;
		expect(Buffer.from(found.data, "base64").subarray(-16)).toEqual(Buffer.alloc(16));
		expect(JSON.parse(unchecked(found))).toMatchObject({ sender: "romeo@localhost", message: "But soft, what light" });
		expect(() => open(found)).toThrow();
		expect(push.payload).toBe(undefined);

		const untagged = { ...message, scenario: { ...message.scenario, knownDifferences: [] } };
		const [compared] = await compareScenarios([untagged], ["ts@node", "original@fengari"], where, () => undefined);
		expect(compared!.results.map(({ result }) => result)).toEqual(["reference", "differs"]);
	});
});
