import { describe, expect } from "vitest";
import { entryLines } from "../../bridge/trace/lines";
import { failureOf, performOn, performSimulated, prosodyFor } from "./performing";
import { join } from "node:path";
import { parseScenario, type Outcome, type Scenario } from "../../bridge/scenario";
import { parse } from "ltx";
import { ProsodyStage } from "../../bridge/prosody/stage";
import { prosodyRoots } from "../prosody-here";

/** Loaded on either server. */
const CALLER = { name: "caller", path: join(import.meta.dirname, "modules/mod_caller.lua") };

const CAST = `
[Client] Romeo
	jid: romeo@localhost/orchard
	password: secret

[Client] Phone
	jid: juliet@localhost/phone
	password: secret
	smacks: resume

[Client] Tablet
	jid: juliet@localhost/tablet
	password: secret
	sasl2: yes
	client_id: 1f5b1c6e-8f0a-4a0e-9d7c-2f6b1d3c5e77
	smacks: yes

[Component] App server
	jid: push.localhost
	password: secret

[Component] Gateway
	jid: gateway.localhost
	password: secret
	answers: nothing

---------
`;

/** Connects the phone, which then gets what Romeo sends. */
const MEETING = `
Phone connects
Phone sends:
	<presence/>
Phone receives:
	<presence/>
Romeo connects
`;

/** Romeo sends a message with this id to the phone. */
function message(id: string): string {
	return `Romeo sends:\n\t<message to="juliet@localhost/phone" type="headline" id="${id}"><body>€</body></message>\n`;
}

/** What went out to whom, in order, as far as it is the same in every run. */
function shape({ trace }: Outcome): Record<string, string[]> {
	const shapes: Record<string, string[]> = {};
	for (const entry of trace) {
		if (!("xml" in entry)) continue;
		const { name, attrs: { type, id } } = parse(entry.xml);
		(shapes[`${entry.kind} to ${entry.to}`] ??= []).push(`${name} ${type} ${id}`);
	}
	return shapes;
}

/** What the host sent to other servers: to whom, and what. */
function undelivered({ trace }: Outcome): string[][] {
	return trace.flatMap((entry) => {
		const isUndelivered = entry.kind === "stanza" && entry.undelivered === true;
		return isUndelivered ? [[entry.to, entry.from, ...entryLines(entry, (text) => text)]] : [];
	});
}

describe.each(prosodyRoots)("a stage on the Prosody in %s", (root) => {
	const here = prosodyFor(root);
	const { it } = here;

	function begin(scenario: Scenario): Promise<ProsodyStage> {
		const { server } = here;
		return ProsodyStage.begin(scenario, { server, release: () => server.end(), modules: [CALLER] });
	}

	/** Performs it here, and holds it against the simulated stage. */
	async function run(steps: string, cast = CAST): Promise<Outcome> {
		const scenario = parseScenario("test.scs", cast + steps);
		const outcome = await performOn(await begin(scenario), scenario);
		const expected = await performSimulated(scenario, CALLER, here.server.version);
		expect(failureOf(outcome)).toBe(failureOf(expected));
		expect(shape(outcome)).toEqual(shape(expected));
		expect(undelivered(outcome)).toEqual(undelivered(expected));
		return outcome;
	}

	async function expectPassed(steps: string, cast?: string): Promise<Outcome> {
		const outcome = await run(steps, cast);
		expect(failureOf(outcome)).toBeUndefined();
		return outcome;
	}

	async function expectFailure(steps: string, failure: string, cast?: string): Promise<void> {
		expect(failureOf(await run(steps, cast))).toBe(failure);
	}

	it("lets what a step leads to go out during that step", async () => {
		const { steps } = await expectPassed(`${MEETING}${message("m1")}Romeo sends:
	<iq type="set" id="i1" to="push.localhost"><x xmlns="u"/></iq>
`);
		expect(steps.map(({ entries }) => entries)).toEqual([0, 1, 0, 0, 1, 1]);
	});

	it("sends a stanza anew after resumption if it was not acknowledged, and only then", async () => {
		await expectPassed(`${MEETING}${message("m1")}Phone receives:
	<message id="m1"/>
Phone stops acknowledging
${message("m2")}Phone receives:
	<message id="m2"/>
Phone loses its connection
${message("m3")}Phone resumes
Phone receives:
	<message id="m3"/>
Phone receives: nothing
`);
		await expectPassed(`## option: smacks_max_unacked_stanzas = 10
${CAST.trimStart()}${MEETING}Phone stops acknowledging
${message("m1")}Phone receives:
	<message id="m1"/>
Phone loses its connection
Phone resumes
Phone receives: nothing
`, "");
	});

	it("acknowledges for all so far when told to again", async () => {
		await expectPassed(`## option: smacks_max_ack_delay = 1
${CAST.trimStart()}${MEETING}Phone stops acknowledging
${message("m1")}Phone acknowledges
2 seconds pass
Phone receives:
	<message id="m1"/>
Phone receives: nothing
`, "");
	});

	it("does not resume what cannot be resumed", async () => {
		await expectFailure(`${MEETING}Phone disconnects
Phone resumes
`, "Phone resumes Phone has no stream to resume");
		await expectFailure(`## option: smacks_hibernation_time = 1
${CAST.trimStart()}Phone connects
Phone loses its connection
3 seconds pass
Phone resumes
`, "Phone resumes Phone cannot resume its stream: item-not-found", "");
	});

	it("keeps the full JID of a stream that is resumed", async () => {
		const scenario = parseScenario("test.scs", `[Client] Anyone\n\tjid: juliet@localhost\n\tsmacks: resume\n\n---------\n\nAnyone connects\n`);
		const stage = await begin(scenario);
		try {
			expect(stage.full_jid("Anyone")).toBeUndefined();
			await stage.connect("Anyone");
			const full_jid = stage.full_jid("Anyone");
			expect(full_jid).toMatch(/^juliet@localhost\/./);
			await stage.lose_connection("Anyone");
			await stage.resume("Anyone");
			expect(stage.full_jid("Anyone")).toBe(full_jid);
		} finally {
			await stage.close();
		}
	});

	it("logs in with SASL2 and Bind 2, which make a resource of the client's id", async () => {
		await expectPassed(`Tablet connects
Romeo connects
Romeo sends:
	<message to="\${Tablet's full JID}" type="headline" id="m1"/>
Tablet receives:
	<message to="{scansion:capture mine}" id="m1"/>
Tablet sends:
	<message to="romeo@localhost/orchard" type="headline" id="m2"><body>\${mine}</body></message>
Romeo receives:
	<message id="m2"><body>juliet@localhost/tablet~9PsT+eCt1B3d</body></message>
`);
	});

	it("has components answer as they are told, which come and go", async () => {
		const iq = (id: string, to = "push.localhost") => `Romeo sends:
	<iq type="set" id="${id}" to="${to}"><x xmlns="u"/></iq>
`;
		await expectPassed(`Romeo connects
${iq("i1")}Romeo receives:
	<iq type="result" id="i1" from="push.localhost"/>
App server receives:
	<iq type="set" id="i1" from="romeo@localhost/orchard"/>
App server answers with error wait resource-constraint
${iq("i2")}Romeo receives:
	<iq type="error" id="i2"><error type="wait"><resource-constraint xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>
App server answers with nothing
${iq("i3")}Romeo receives: nothing
App server sends:
	<iq type="result" id="i3" from="push.localhost" to="romeo@localhost/orchard"/>
Romeo receives:
	<iq type="result" id="i3"/>
${iq("i4", "gateway.localhost")}Romeo receives: nothing
Gateway disconnects
${iq("i5", "gateway.localhost")}Romeo receives:
	<iq type="error" id="i5"><error type="wait"><remote-server-timeout xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>
Gateway connects
${iq("i6", "gateway.localhost")}Gateway receives:
	<iq id="i4"/>
Gateway receives:
	<iq id="i6"/>
`);
		await expectFailure("Gateway disconnects\nGateway disconnects\n",
			"Gateway disconnects The component gateway.localhost is not connected");
	});

	it("sees what the host sends to other servers, alone and in the step that leads to it", async () => {
		const call = (times: number) => "localhost fires caller/call for juliet\n".repeat(times);
		const outcome = await expectPassed(`Romeo connects
Romeo sends:
	<message to="nurse@far.example" id="m0"><body>Who is there?</body></message>
Romeo receives:
	<message type="error" id="m0"/>
${call(2)}localhost restarts
${call(1)}`);
		expect(outcome.steps.map(({ entries }) => entries)).toEqual([0, 1, 0, 3, 3, 1, 3]);
		const sent = undelivered(outcome);
		expect(sent).toHaveLength(10);
		expect(sent[0]).toEqual([
			"far.example", "localhost", "<iq from=\"localhost\" id=\"call\" to=\"far.example\" type=\"get\">",
			"  <call xmlns=\"urn:call\">€ &amp; &#10;</call>", "</iq>",
		]);
		expect(sent[1]!.at(-1)).toBe("<message from=\"localhost\" to=\"nurse@far.example/room\"/>");
		expect(sent[2]!.join("")).toContain("remote-server-not-found");
		expect(sent[6]!.join("")).toContain("Good night");
	});

	it("does not answer for its clients", async () => {
		await expectPassed(`${MEETING}Romeo sends:
	<iq type="get" id="i1" to="juliet@localhost/phone"><ping xmlns="urn:xmpp:ping"/></iq>
Phone receives:
	<iq type="get" id="i1"/>
Romeo receives: nothing
`);
	});

	it("disconnects clients when the server restarts, and brings back the components that were connected", async () => {
		await expectPassed(`${MEETING}Gateway disconnects
localhost restarts
Romeo connects
Romeo sends:
	<iq type="set" id="i1" to="push.localhost"><x xmlns="u"/></iq>
App server receives:
	<iq id="i1"/>
Romeo sends:
	<iq type="set" id="i2" to="gateway.localhost"><x xmlns="u"/></iq>
Gateway receives: nothing
Gateway connects
`);
		await expectFailure(`${MEETING}localhost restarts
Phone resumes
`, "Phone resumes Phone cannot resume its stream: item-not-found");
		await expectFailure(`${MEETING}localhost restarts
Romeo sends:
	<presence/>
`, "Romeo sends: Romeo is not connected");
	});

	it("counts a client as disconnected whose stream the server ends", async () => {
		await expectFailure(`Phone connects
Double connects
Phone sends:
	<presence/>
`, "Phone sends: Phone is not connected", CAST.replace("\n---", `[Client] Double
	jid: juliet@localhost/phone
	password: secret

---`));
		await expectFailure("Romeo connects\nRomeo connects\n", "Romeo connects Romeo is connected already");
		await expectFailure("Romeo loses its connection\n", "Romeo loses its connection Romeo is not connected");
	});

	it("hands on text of any length and any characters", async () => {
		const text = `${"€🙂&amp;&lt;&quot;".repeat(4000)}`;
		await expectPassed(`${MEETING}Romeo sends:
	<message to="juliet@localhost/phone" type="headline"><body>${text}</body></message>
Phone receives:
	<message><body>${text}</body></message>
`);
	});

	it("logs in users of any name with passwords of any characters", async () => {
		await expectPassed("Ж connects\n", `[Client] Ж
	jid: жюльетта@localhost/ü
	password: pä$$ \\ wörd

---------
`);
	});

	it("says why it cannot begin, and leaves the server fit for the next", async () => {
		const nobody = parseScenario("test.scs", "[Client] Nobody\n\tjid: a\u200eb@localhost\n\n---------\n\n1 seconds pass\n");
		await expect(begin(nobody)).rejects.toThrow("Nobody has an invalid JID: a\u200eb@localhost");
		await expectPassed("Romeo connects\n");
	});

	it("leaves no connection behind", async () => {
		const sockets = () => process.getActiveResourcesInfo().filter((resource) => resource.startsWith("TCP")).length;
		const before = sockets();
		await expectPassed(`${MEETING}Tablet connects
`);
		await new Promise((resolve) => setImmediate(resolve));
		expect(sockets()).toBe(before);
	});
});
