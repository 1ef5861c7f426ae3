import { CAST, FIRST, parse } from "./script";
import { describe, expect, it } from "vitest";
import { FakeStage } from "./fake-stage";
import { encrypted, envelope, jwt, notification, payload, PHONE, token } from "../trace/notifications";
import { PATIENCE, perform } from "../../bridge/scenario";

const performed = (steps: string, stage: FakeStage) => perform(parse(CAST + steps), stage);

describe("a scenario", () => {
	it("has the stage do every step, in order", async () => {
		const stage = new FakeStage().give("Romeo", "<iq id='1'/>");
		stage.full_jids.set("Romeo", "romeo@localhost/orchard");
		const outcome = await performed(`
Romeo connects
Romeo sends:
	<iq from="\${Romeo's full JID}" to="\${App server's JID}"><x xmlns="u" e="\${Browser's endpoint}"/></iq>
	<presence/>
Romeo receives:
	<iq id="1"/>
Romeo loses its connection
Juliet's phone resumes
Tablet stops acknowledging
Tablet acknowledges
1.5 minutes pass
App server answers with error wait resource-constraint
localhost fires cloud-notify-ping for romeo
localhost reloads cloud_notify
localhost restarts
Romeo receives: nothing
Romeo disconnects
`, stage);
		expect(outcome.passed).toBe(true);
		expect(stage.calls).toEqual([
			"connect Romeo",
			"send Romeo <iq from=\"romeo@localhost/orchard\" to=\"push.localhost\"><x xmlns=\"u\" e=\"https://Browser/\"/></iq>",
			"send Romeo <presence/>",
			`receive Romeo ${PATIENCE}`,
			"lose_connection Romeo",
			"resume Juliet's phone",
			"stop_acknowledging Tablet",
			"acknowledge Tablet",
			"pass 90",
			"answer App server {\"with\":\"error\",\"type\":\"wait\",\"condition\":\"resource-constraint\"}",
			"fire cloud-notify-ping romeo",
			"reload cloud_notify",
			"restart",
			"receive Romeo 0",
			"disconnect Romeo",
		]);
	});

	it("tells of each step its line, text and time, and what went out", async () => {
		const stage = new FakeStage();
		const entry = { at: 0, kind: "reply", to: "Romeo", xml: "<a/>" } as const;
		stage.trace.push(entry);
		const outcome = await performed("Romeo connects\n2 seconds pass\n\nRomeo receives: nothing", stage);
		expect(outcome).toEqual({
			passed: true,
			steps: [
				{ line: FIRST, text: "Romeo connects", at: 0, entries: 0, passed: true },
				{ line: FIRST + 1, text: "2 seconds pass", at: 0, entries: 0, passed: true },
				{ line: FIRST + 3, text: "Romeo receives: nothing", at: 2, entries: 0, passed: true },
			],
			trace: [entry],
		});
	});

	it("fills in what a client asks Bind 2 for", async () => {
		const stage = new FakeStage();
		const cast = "[Client] Phone\n\tjid: juliet@localhost\n\tsasl2: yes\n---\n";
		await perform(parse(`${cast}Phone connects with:\n\t<a b="\${Phone's JID}"/>\n\t<c/>`), stage);
		expect(stage.calls).toEqual(["connect Phone <a b=\"juliet@localhost\"/> <c/>"]);
	});

	it("looks into what is encrypted for one of the clients", async () => {
		const stage = new FakeStage();
		const claims = { sub: "xmpp:localhost", aud: "https://push.example", exp: stage.began + 60 };
		const xml = notification(payload(encrypted(envelope(), PHONE)) + jwt(await token(claims, PHONE), PHONE));
		const expected = (body: string) => `App server receives:
	<message from="localhost">
		<notification xmlns="urn:xmpp:push2:0">
			<client>c1</client>
			<priority>normal</priority>
			<encrypted xmlns="urn:xmpp:sce:rfc8291:0">
				<payload>
					<envelope xmlns="urn:xmpp:sce:1">
						<content>
							<forwarded xmlns="urn:xmpp:forward:0">
								<message xmlns="jabber:client" scansion:strict="false" from="romeo@localhost/orchard">
									<body>${body}</body>
								</message>
							</forwarded>
						</content>
					</envelope>
				</payload>
			</encrypted>
			<jwt>
				<claim name="aud">https://push.example</claim>
				<claim name="sub">xmpp:localhost</claim>
			</jwt>
		</notification>
	</message>
`;
		const passed = async (body: string, ...items: string[]) => {
			return (await performed(expected(body), stage.give("App server", ...items))).passed;
		};
		expect(await passed("Hello", xml)).toBe(true);
		expect(await passed("Bye", xml)).toBe(false);
		stage.trace.push({ at: 61, kind: "stanza", to: "push.localhost", from: "localhost", xml });
		expect(await passed("Hello", xml)).toBe(false);
	});

	it("escapes what it fills in", async () => {
		const stage = new FakeStage();
		stage.full_jids.set("Romeo", "romeo@localhost/<'\"&\n>");
		await performed("Romeo sends:\n\t<a b=\"${Romeo's full JID}\">${Romeo's full JID}</a>", stage);
		expect(stage.calls).toEqual([
			"send Romeo <a b=\"romeo@localhost/&lt;&apos;&quot;&amp;&#10;&gt;\">romeo@localhost/&lt;&apos;&quot;&amp;\n&gt;</a>",
		]);
	});

	it("uses what it captured, the latest last", async () => {
		const stage = new FakeStage().give("Romeo", "<iq id='1'/>", "<iq id='2'/>", "<iq id='2'/>");
		const capture = "Romeo receives:\n\t<iq id=\"{scansion:capture:x}\"/>\n";
		const use = "Romeo receives:\n\t<iq id=\"${x}\"/>\nRomeo sends: <a b=\"${x}\"/>";
		const outcome = await performed(capture + capture + use, stage);
		expect(outcome.passed).toBe(true);
		expect(stage.calls.at(-1)).toBe("send Romeo <a b=\"2\"/>");
	});

	it("takes several stanzas in one step", async () => {
		const stage = new FakeStage().give("Romeo", "<a/>", "<b/>");
		expect((await performed("Romeo receives:\n\t<a/>\n\t<b/>", stage)).passed).toBe(true);
	});

	it("compares the payload of a push", async () => {
		const stage = new FakeStage().give("Browser", "{\"id\":\"7\",\"body\":\"x\"}");
		const outcome = await performed(
			"Browser receives:\n\t{ \"id\": \"{scansion:capture:id}\" }\nRomeo sends: <a b='${id}'/>", stage);
		expect(outcome.passed).toBe(true);
		expect(stage.calls.at(-1)).toBe("send Romeo <a b=\"7\"/>");
	});
});

describe("a failed expectation", () => {
	it("ends the scenario, and shows what was expected beside what came", async () => {
		const stage = new FakeStage().give("Romeo", "<iq id=\"2\"><x xmlns=\"u\"><y>a</y></x></iq>");
		const steps = "Romeo connects\nRomeo receives:\n\t<iq id='1'>\n\t\t<z/>\n\t</iq>\nRomeo disconnects";
		const outcome = await performed(steps, stage);
		expect(outcome.passed).toBe(false);
		expect(outcome.steps.map(({ passed }) => passed)).toEqual([true, false]);
		expect(outcome.steps[1]?.failure).toEqual({
			message: "iq: attribute id is \"2\", expected \"1\"",
			expected: "<iq id=\"1\">\n  <z/>\n</iq>",
			received: "<iq id=\"2\">\n  <x xmlns=\"u\">\n    <y>a</y>\n  </x>\n</iq>",
			mismatch: { path: "iq", what: "attribute id", expected: "1", received: "2" },
		});
		expect(stage.calls).not.toContain("disconnect Romeo");
	});

	it.each([
		["nothing came", [], "Romeo receives:\n\t<a/>",
			{ message: "Romeo received nothing within 5 seconds", expected: "<a/>" }],
		["something came", ["<a><b/></a>"], "Romeo receives: nothing",
			{ message: "Romeo received something, expected nothing", expected: "nothing", received: "<a>\n  <b/>\n</a>" }],
		["something came that is no XML", ["a & b"], "Romeo receives: nothing",
			{ message: "Romeo received something, expected nothing", expected: "nothing", received: "a & b" }],
		["it was no XML", ["<a>"], "Romeo receives:\n\t<a/>",
			{ message: "what came is no XML: <a> is not closed", expected: "<a/>", received: "<a>" }],
		["it was not one element", ["<a/><a/>"], "Romeo receives:\n\t<a/>",
			{ message: "what came is not one element", expected: "<a/>", received: "<a/><a/>" }],
	])("when %s", async (_, items, step, failure) => {
		const outcome = await performed(step, new FakeStage().give("Romeo", ...items));
		expect(outcome.steps.at(-1)?.failure).toEqual(failure);
	});

	it.each([
		["<a>", "the payload is no JSON"],
		["{\"a\":2}", "$.a: value is \"2\", expected \"1\""],
	])("of a payload: %s", async (payload, message) => {
		const outcome = await performed("Browser receives:\n\t{\"a\":1}", new FakeStage().give("Browser", payload));
		expect(outcome.steps.at(-1)?.failure).toMatchObject({ message, expected: "{\n  \"a\": 1\n}" });
	});
});

describe("a step that cannot be carried out", () => {
	it("fails with what the stage says, in one line", async () => {
		const stage = new FakeStage();
		const cause = new Error("Romeo is connected already\nat line 1");
		stage.failing.set("connect", cause);
		const outcome = await performed("Romeo connects\n1 second passes", stage);
		expect(outcome.steps).toHaveLength(1);
		expect(outcome.steps[0]?.failure).toEqual({ message: "Romeo is connected already", cause });
	});

	it("fails where a variable has no value", async () => {
		const outcome = await performed("Romeo sends: <a b=\"${Juliet's full JID}\"/>", new FakeStage());
		expect(outcome.steps[0]?.failure?.message).toBe("Juliet has no full JID before it connects");
	});
});
