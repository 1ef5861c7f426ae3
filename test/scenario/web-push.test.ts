import { createNodeHost } from "../../bridge/node";
import { describe, expect, it } from "vitest";
import { modules } from "../../modules";
import { parseScenario, perform, SimulatedStage, type Outcome, type Scenario } from "../../bridge/scenario";
import type { HttpEntry } from "../../bridge/trace/entry";
import type { LogEntry } from "../../bridge/api";

const CAST = `
[Client] Juliet
	jid: juliet@localhost/web

[Client] Romeo
	jid: romeo@localhost/orchard

[WebPush] Browser

[WebPush] Tablet
	answers: 429 retry-after 10

---------

Juliet connects
`;

function enabling(who: string, endpoint = `\${${who}'s endpoint}`): string {
	return `Juliet sends:
	<iq type="set" id="e${who}">
		<enable xmlns="urn:xmpp:webpush:0">
			<endpoint>${endpoint}</endpoint>
			<auth>\${${who}'s auth}</auth>
			<p256dh>\${${who}'s p256dh}</p256dh>
		</enable>
	</iq>
Juliet receives: <iq type="result"/>
`;
}

const MESSAGE = `Romeo connects
Romeo sends:
	<message to="juliet@localhost" type="chat"><body>Hello</body></message>
`;
const ASKING = `Juliet sends: <iq type="get" id="d"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Juliet receives: <iq type="result"/>
`;

function scenarioOf(steps: string, tags = ""): Scenario {
	return parseScenario("test.scs", `${tags}${CAST}${steps}`);
}

/** How it goes on the simulated server, with the module that browsers are pushed to by. */
async function play(scenario: Scenario): Promise<{ outcome: Outcome; requests: HttpEntry[]; log: LogEntry[] }> {
	const log: LogEntry[] = [];
	const stage = new SimulatedStage(scenario, {
		createHost: createNodeHost, modules: [["web_push", { typescript: modules.web_push! }]], series: "13.0",
		log: (entry) => log.push(entry),
	});
	const outcome = await perform(scenario, stage);
	await stage.close();
	return { outcome, log, requests: outcome.trace.filter((entry) => entry.kind === "http") };
}

function failureIn({ steps }: Outcome): string | undefined {
	return steps.at(-1)!.failure?.message;
}

describe("a [WebPush] character", () => {
	it("receives what a request says, and how it is to be delivered", async () => {
		const { outcome, requests } = await play(scenarioOf(`${enabling("Browser")}Juliet disconnects
${MESSAGE}Browser receives:
	{ "message-count": 1, "$headers": { "urgency": "high", "ttl": "{scansion:any}" }, "$claims": { "aud": "https://localhost:4431" } }
Browser receives: nothing
Tablet receives: nothing
`));
		expect(failureIn(outcome)).toBeUndefined();
		expect(requests).toMatchObject([{ to: "Browser", answer: "201", payload: { "message-count": 1 }, vapid: { sub: "xmpp:localhost" } }]);
		expect(requests[0]!.at).toBe(outcome.steps.at(-1)!.at);
	});

	it("shows what is not as expected", async () => {
		const { outcome } = await play(scenarioOf(`${enabling("Browser")}Juliet disconnects
${MESSAGE}Browser receives:
	{ "$headers": { "urgency": "low" } }
`));
		expect(failureIn(outcome)).toBe("$.$headers.urgency: text is \"\\\"high\\\"\", expected \"\\\"low\\\"\"");
	});

	it("receives what it answers otherwise, too", async () => {
		const { outcome, requests } = await play(scenarioOf(`${enabling("Tablet")}Juliet disconnects
${MESSAGE}Tablet receives: { "message-count": 1 }
Tablet answers with 410
1 minute passes
Tablet receives: { "message-count": 1 }
1 hour passes
Tablet receives: nothing
`, "## virtual-time\n"));
		expect(failureIn(outcome)).toBeUndefined();
		expect(requests.map(({ answer }) => answer)).toEqual(["429", "410"]);
	});

	it("may never answer", async () => {
		const { outcome, requests } = await play(scenarioOf(`${enabling("Browser")}Juliet disconnects
Browser answers with nothing
${MESSAGE}Browser receives: { "message-count": 1 }
`));
		expect(failureIn(outcome)).toBeUndefined();
		expect(requests[0]).toMatchObject({ answer: "none" });
	});

	it("is down while it is disconnected", async () => {
		const { outcome, requests } = await play(scenarioOf(`${enabling("Browser")}Juliet disconnects
Browser disconnects
${MESSAGE}Browser receives: nothing
Browser connects
10 minutes pass
Browser receives: { "message-count": 1 }
`));
		expect(failureIn(outcome)).toBeUndefined();
		expect(requests[0]).toMatchObject({ undelivered: true, url: expect.stringContaining("https://localhost:4431/push/") as string });
		expect(requests[0]).not.toHaveProperty("to");
		expect(requests.at(-1)).toMatchObject({ to: "Browser", answer: "201" });
	});

	it("cannot be down twice", async () => {
		const { outcome } = await play(scenarioOf("Browser connects\nBrowser disconnects\nBrowser disconnects\n"));
		expect(failureIn(outcome)).toBe("The push service Browser is down already");
	});

	it("has a subscription with the key that was published last before it was asked for", async () => {
		const { outcome, log } = await play(scenarioOf(`${ASKING}${enabling("Browser")}Juliet disconnects
${MESSAGE}Browser receives: { "message-count": 1 }
`));
		expect(failureIn(outcome)).toBeUndefined();
		expect(log.filter(({ source }) => source === "Browser")).toEqual([]);
	});

	it("is not posted to where the scenario allows other services", async () => {
		const { outcome, requests } = await play(scenarioOf(`Juliet sends:
	<iq type="set" id="e1">
		<enable xmlns="urn:xmpp:webpush:0"><endpoint>\${Browser's endpoint}</endpoint><auth>\${Browser's auth}</auth><p256dh>\${Browser's p256dh}</p256dh></enable>
	</iq>
Juliet receives: <iq type="error"/>
`, "## option: web_push_internal_services = {}\n"));
		expect(failureIn(outcome)).toBeUndefined();
		expect(requests).toEqual([]);
	});
});

describe("names of hosts", () => {
	it("have the addresses that the scenario says: of a public one a request is made", async () => {
		const { outcome, requests } = await play(scenarioOf(`${enabling("Browser", "https://push.example/x")}Juliet disconnects
${MESSAGE}`, "## dns: push.example = 9.9.9.9\n"));
		expect(failureIn(outcome)).toBeUndefined();
		expect(requests[0]).toMatchObject({ url: "https://push.example/x", undelivered: true });
	});

	it.each(["127.0.0.1", "::1", "10.0.0.1, fd00::1"])("of none but %s no request is made", async (addresses) => {
		const { outcome, requests } = await play(scenarioOf(`${enabling("Browser", "https://push.example/x")}Juliet disconnects
${MESSAGE}`, `## dns: push.example = ${addresses}\n`));
		expect(failureIn(outcome)).toBeUndefined();
		expect(requests).toEqual([]);
	});
});
