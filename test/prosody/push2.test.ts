import { describe, expect } from "vitest";
import { entryLines } from "../../bridge/trace/lines";
import { failureOf, performOn, performSimulated, prosodyFor } from "./performing";
import { join } from "node:path";
import { parseScenario, type Outcome } from "../../bridge/scenario";
import { ProsodyStage } from "../../bridge/prosody/stage";
import { prosodyRoots } from "../prosody-here";

/** Loaded on either server. */
const NOTIFIER = { name: "notifier", path: join(import.meta.dirname, "modules/mod_notifier.lua") };

const CAST = `
[Client] Tablet
	jid: juliet@localhost/tablet
	password: secret
	sasl2: yes
	client_id: 1f5b1c6e-8f0a-4a0e-9d7c-2f6b1d3c5e77
	smacks: resume

[Client] Romeo
	jid: romeo@localhost/orchard
	password: secret

[Component] App server
	jid: push.localhost
	password: secret

[Component] Watcher
	jid: watcher.localhost
	password: secret

---------
`;

/** What went out, by recipient, in order. */
function sent({ trace }: Outcome): Record<string, string[]> {
	const shown: Record<string, string[]> = {};
	for (const entry of trace) {
		(shown[`${entry.kind} ${"to" in entry ? entry.to : ""}`] ??= []).push(entryLines(entry, (text) => text).join("\n"));
	}
	return shown;
}

/** What notifications and Bind 2 need of a server, on the real one as on the simulated one. */
describe.each(prosodyRoots)("Push 2.0 on the Prosody in %s", (root) => {
	const here = prosodyFor(root);
	const { it } = here;

	/** Performs it here and on the simulated server, where the same must go out. */
	async function run(steps: string): Promise<Outcome> {
		const scenario = parseScenario("test.scs", CAST + steps);
		const { server } = here;
		const stage = await ProsodyStage.begin(scenario, { server, release: () => server.end(), modules: [NOTIFIER] });
		const real = await performOn(stage, scenario);
		const simulated = await performSimulated(scenario, NOTIFIER, server.version);
		expect(failureOf(real)).toBe(failureOf(simulated));
		expect(sent(real)).toEqual(sent(simulated));
		return real;
	}

	async function expectPassed(steps: string): Promise<void> {
		expect(failureOf(await run(steps))).toBeUndefined();
	}

	/** The host notifies a push service, and then is told this error by it. */
	function notified(service: string, type: string, condition: string, origin: string): string {
		return `localhost fires notifier/notify for ${service}
Watcher receives:
	<message>
		<told xmlns="urn:told" scansion:strict="false" id="n1" from="${service}" origin="${origin}">
			<error type="${type}"><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>
		</told>
	</message>
`;
	}

	it("tells the host the errors of push services", async () => {
		await expectPassed(`App server answers with error wait resource-constraint
${notified("push.localhost", "wait", "resource-constraint", "component")}${
	notified("pusher@push.localhost/x", "wait", "resource-constraint", "component")}App server receives:
	<message from="localhost" to="push.localhost" id="n1"><notification xmlns="urn:xmpp:push2:0"><client>c1</client></notification></message>
App server receives:
	<message to="pusher@push.localhost/x"/>
App server answers with result
localhost fires notifier/notify for push.localhost
App server answers with nothing
localhost fires notifier/notify for push.localhost
Watcher receives: nothing
`);
	});

	it("tells the host that a push service is not connected, or cannot be found", async () => {
		await expectPassed(`App server disconnects
${notified("push.localhost", "wait", "remote-server-timeout", "component")}${
	notified("pusher@push.localhost/x", "wait", "remote-server-timeout", "component")}${
	notified("nowhere.localhost", "cancel", "remote-server-not-found", "s2sin")}${
	notified("pusher@far.example/x", "cancel", "remote-server-not-found", "s2sin")}`);
	});

	it("has components answer no other message, whatever they are to answer", async () => {
		await expectPassed(`App server answers with error cancel gone
Romeo connects
Romeo sends:
	<message to="push.localhost" id="m1"><body>Hi</body></message>
	<message to="push.localhost" id="m2" type="error"><notification xmlns="urn:xmpp:push2:0"/></message>
	<message to="push.localhost" id="m3"><x><notification xmlns="urn:xmpp:push2:0"/></x></message>
App server receives:
	<message id="m1"/>
	<message id="m2"/>
	<message id="m3"/>
Romeo receives: nothing
`);
	});

	it("has clients enable things while they bind, and shows what the server offers and answers", async () => {
		await expectPassed(`Tablet connects with:
	<enable xmlns="urn:xmpp:push2:0"><client>\${Tablet's JID}</client><x xmlns="jabber:client"><y xmlns=""/></x></enable>
	<enable xmlns="urn:xmpp:carbons:2"/>
	<plain/>
Tablet receives:
	<bind xmlns="urn:xmpp:bind:0">
		<inline>
			<feature var="urn:xmpp:carbons:2"/>
			<feature var="urn:xmpp:csi:0"/>
			<feature var="urn:xmpp:push2:0"/>
		</inline>
	</bind>
	<bound xmlns="urn:xmpp:bind:0">
		<enabled xmlns="urn:xmpp:carbons:2"/>
		<enabled xmlns="urn:xmpp:push2:0" client="juliet@localhost"/>
	</bound>
Tablet receives: nothing
Watcher receives:
	<message>
		<told xmlns="urn:told">
			<enable xmlns="urn:xmpp:push2:0"><client>juliet@localhost</client><x xmlns="jabber:client"><y/></x></enable>
		</told>
	</message>
Tablet loses its connection
Tablet resumes
Tablet disconnects
Tablet connects
Tablet receives: nothing
Tablet disconnects
Tablet connects with: <inactive xmlns="urn:xmpp:csi:0"/>
Tablet receives:
	<bind xmlns="urn:xmpp:bind:0" scansion:strict="false"><inline><feature var="urn:xmpp:push2:0"/></inline></bind>
	<bound xmlns="urn:xmpp:bind:0"/>
Tablet receives: nothing
`);
	});
});
