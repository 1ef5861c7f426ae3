import { describe, expect, it } from "vitest";
import { gatherWords } from "../../bridge/fuzz/words";
import { parseScenario } from "../../bridge/scenario";
import { printXml } from "../../bridge/scenario/xml-print";
import { words } from "./material";
import type { XmlElement } from "../../bridge/scenario/xml";

const script = `# A module of somebody else's
## module: example
## option: example_limit = 3
## option: example_mode = true
## option: example_time = 7200
[Client] Alice
	jid: alice@localhost/one
[Client] Alice again
	jid: alice@localhost/two
[Client] Bob
	jid: bob@localhost/three
[Component] Service
	jid: service.localhost
---------
Alice connects
Alice sends:
	<iq type="set" id="s1" to="service.localhost">
		<subscribe xmlns="urn:example" jid="alice@localhost" at="x@service.localhost"/>
	</iq>
Service receives:
	<iq id="{scansion:capture:question}"/>
Service sends:
	<iq type="result" id="\${question}" from="service.localhost" to="alice@localhost/one"/>
Service sends:
	<message from="service.localhost" to="\${Bob's JID}"><body>Hello</body></message>
Alice again connects
Alice again sends:
	<message to="bob@localhost/three"><note xmlns="urn:example"/></message>
7 seconds pass
localhost fires example-event for alice
`;

const texts = (elements: readonly XmlElement[]): string[] => elements.map((element) => printXml(element));

describe("the words of a module's scenarios", () => {
	const gathered = gatherWords([parseScenario("example.scs", script)]);

	it("are its stanzas, with roles in place of addresses, save those that repeat what was captured", () => {
		expect(texts(gathered.ofClients)).toEqual([
			"<iq type=\"set\" id=\"s1\" to=\"{service/0}\">"
				+ "<subscribe xmlns=\"urn:example\" jid=\"{account}\" at=\"x@{service/0}\"/></iq>",
			"<message to=\"{other/0}\"><note xmlns=\"urn:example\"/></message>",
		]);
		expect(texts(gathered.ofComponents)).toEqual([
			"<message from=\"{service/0}\" to=\"{other}\"><body>Hello</body></message>",
		]);
		expect(texts(gathered.greetings)).toEqual(texts(gathered.ofClients.slice(0, 1)));
	});

	it("are what messages and elements hold", () => {
		expect(texts(gathered.contents)).toContain("<note xmlns=\"urn:example\"/>");
		expect(gathered.names).toContain("subscribe");
		expect(gathered.namespaces).toContain("urn:example");
		expect(gathered.values.get("at")).toEqual(["x@{service/0}"]);
		expect(gathered.texts).toContain("Hello");
	});

	it("are options with literals near theirs, events, durations and services", () => {
		expect(gathered.options).toEqual([
			["example_limit", ["3", "4", "6"]],
			["example_mode", ["true", "false"]],
			["example_time", ["7200", "7201", "14400", "120"]],
		]);
		expect(gathered.events).toEqual(["example-event"]);
		expect(gathered.durations).toContain(7);
		expect(gathered.services).toEqual(["service.localhost"]);
	});

	it("are general ones where there are no scenarios", () => {
		const general = gatherWords([]);
		expect(general.ofClients).toEqual([]);
		expect(general.contents.length).toBeGreaterThan(30);
	});
});

describe("the words of scenarios with browsers", () => {
	const browsers = `# A browser's scenario
## module: example
## prosody: 13.0
## dns: push.example.com = 10.0.0.7, ::1
[Client] Alice
	jid: alice@localhost/one
[WebPush] Alice's browser
[WebPush] Browser
---
Alice connects
Alice sends:
	<iq type="set" id="s1"><enable xmlns="urn:example">
		<endpoint>\${Browser's endpoint}?x</endpoint><auth>\${Alice's browser's auth}</auth>
	</enable></iq>
Alice sends:
	<iq type="set" id="s2"><enable xmlns="urn:example"><key>\${Alice's ua-public}</key></enable></iq>
`;
	const both = [parseScenario("one.scs", browsers), parseScenario("other.scs", script.replace("module: example", "module: other"))];

	it("have roles in place of what browsers have subscribed with", () => {
		const { ofClients, textsOf } = gatherWords(both.slice(0, 1));
		expect(texts(ofClients)).toEqual([
			"<iq type=\"set\" id=\"s1\"><enable xmlns=\"urn:example\">"
				+ "<endpoint>{browser/1 endpoint}?x</endpoint><auth>{browser/0 auth}</auth></enable></iq>",
		]);
		expect(textsOf.get("endpoint")).toEqual(["{browser/1 endpoint}?x"]);
	});

	it("are how many there are, the names that have addresses, and the Prosody that a module needs", () => {
		expect(gatherWords(both, ["example"])).toMatchObject({
			browsers: 2, dns: [["push.example.com", ["10.0.0.7", "::1"]]], series: "13.0",
		});
		expect(gatherWords(both, ["other"])).not.toHaveProperty("series");
		expect(gatherWords(both, ["other", "example"]).series).toBe("13.0");
		expect(words).toMatchObject({ browsers: 0, dns: [] });
		expect(words).not.toHaveProperty("series");
	});
});

describe("the words of mod_cloud_notify's scenarios", () => {
	it.each([
		["encrypted", "eu.siacs.conversations.axolotl"], ["encrypted", "urn:xmpp:omemo:0"], ["x", "jabber:x:encrypted"],
		["openpgp", "urn:xmpp:openpgp:0"], ["propose", "urn:xmpp:jingle-message:0"], ["body", ""], ["subject", ""],
		["sent", "urn:xmpp:carbons:2"], ["received", "urn:xmpp:carbons:2"], ["stanza-id", "urn:xmpp:sid:0"],
	])("have <%s xmlns=\"%s\"/>, which a rule is about", (name, namespace) => {
		expect(words.contents.some((content) => content.name === name && content.namespace === namespace)).toBe(true);
	});

	it("have all of its options", () => {
		expect(words.options.map(([name]) => name).sort()).toEqual([
			"push_max_devices", "push_max_errors", "push_max_hibernation_timeout", "push_notification_important_body",
			"push_notification_with_body", "push_notification_with_sender",
		]);
	});

	it("enable, disable and ask for push", () => {
		const all = texts(words.ofClients).join("\n");
		expect(all).toMatch(/<enable xmlns="urn:xmpp:push:0" jid="\{service\/0\}"/);
		expect(all).toMatch(/<disable xmlns="urn:xmpp:push:0"/);
		expect(words.events).toContain("cloud-notify-ping");
	});
});
