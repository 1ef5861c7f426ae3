import { describe, expect, it } from "vitest";
import { Filtering, IMPLEMENTATIONS, message } from "./filtering";

const UNKNOWN = "Filtering: unknown sender";
const MUTED = "Filtering: muted";
const NO_RULE = "Filtering: group chat without a rule";

function carbon(direction: "received" | "sent", from: string, inner: string): string {
	return message(`from="${from}" to="juliet@localhost/phone" type="chat"`,
		`<${direction} xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">${inner}</forwarded></${direction}>`);
}

describe.each(IMPLEMENTATIONS)("a push, in $name", (implementation) => {
	const filtering = new Filtering(implementation);
	filtering.contacts("romeo@localhost");
	const reason = (stored: object, xml: string | undefined): string | undefined => filtering.reason(stored, xml);
	const ignoring = { filter_unknown: true };
	const muting = { muted_jids: { "romeo@localhost": true } };

	it("is sent if no filter was asked for, or what it is about has no sender", () => {
		expect(reason({}, message('from="nurse@localhost" to="juliet@localhost"'))).toBe(undefined);
		const all = { ...ignoring, ...muting, groupchat_rules: { "": { when: "never" } } };
		expect(reason(all, undefined)).toBe(undefined);
		expect(reason(all, message('to="juliet@localhost/phone" type="groupchat"'))).toBe(undefined);
		expect(reason(all, '<iq type="result" id="r1" to="juliet@localhost/phone"/>')).toBe(undefined);
	});

	it("is of the user whose registration it is, whoever a stanza is addressed to", () => {
		for (const to of ["", 'to="juliet@localhost"', 'to="romeo@localhost"', 'to="juliet@elsewhere"', 'to="@"']) {
			expect(reason(ignoring, message(`from="romeo@localhost/orchard" ${to}`)), to).toBe(undefined);
			expect(reason(ignoring, message(`from="nurse@localhost/kitchen" ${to}`)), to).toBe(UNKNOWN);
		}
	});

	it("is held back for the first of the filters that do not let it through", () => {
		const rules = { groupchat_rules: { "romeo@localhost": { when: "never" }, "nurse@localhost": { when: "never" } } };
		const all = { ...ignoring, muted_jids: { "romeo@localhost": true, "nurse@localhost": true }, ...rules };
		expect(reason(all, message('from="nurse@localhost" type="chat"'))).toBe(UNKNOWN);
		expect(reason(all, message('from="romeo@localhost" type="chat"'))).toBe(MUTED);
		expect(reason(all, message('from="nurse@localhost" type="groupchat"'))).toBe(MUTED);
		expect(reason({ ...ignoring, ...rules }, message('from="nurse@localhost" type="groupchat"')))
			.toBe("Filtering: muted group chat");
		expect(reason({ groupchat_rules: { "nurse@localhost": { when: "mentioned" } } },
			message('from="nurse@localhost" type="groupchat"'))).toBe("Filtering: not mentioned");
		expect(reason(rules, message('from="romeo@localhost" type="chat"'))).toBe(undefined);
	});

	it("is not held back for what every object in JavaScript has", () => {
		const none = { muted_jids: {}, groupchat_rules: {} };
		for (const from of ["constructor", "__proto__", "toString", "hasOwnProperty@localhost", "length"]) {
			expect(reason(none, message(`from="${from}" to="juliet@localhost" type="chat"`)), from).toBe(undefined);
			expect(reason(none, message(`from="${from}" to="juliet@localhost" type="groupchat"`)), from).toBe(NO_RULE);
		}
		const some = JSON.parse('{"muted_jids": {"__proto__": true}, "groupchat_rules": {"constructor": {"when": "never"}}}') as object;
		expect(reason(some, message('from="__proto__/a"'))).toBe(MUTED);
		expect(reason(some, message('from="constructor/a" type="groupchat"'))).toBe("Filtering: muted group chat");
	});

	describe("about a carbon copy", () => {
		const account = "juliet@localhost";

		it("is judged by what was received", () => {
			const of = (from: string, type = "chat"): string =>
				carbon("received", account, message(`xmlns="jabber:client" from="${from}" to="juliet@localhost/tablet" type="${type}"`));
			expect(reason(ignoring, of("romeo@localhost/orchard"))).toBe(undefined);
			expect(reason(ignoring, of("nurse@localhost/kitchen"))).toBe(UNKNOWN);
			expect(reason(muting, of("romeo@localhost/orchard"))).toBe(MUTED);
			expect(reason({ muted_jids: { [account]: true } }, of("romeo@localhost/orchard"))).toBe(undefined);
			expect(reason({ groupchat_rules: { "romeo@localhost": { when: "never" } } }, of("romeo@localhost", "groupchat")))
				.toBe("Filtering: muted group chat");
		});

		it("is from the account if it was sent", () => {
			const sent = carbon("sent", account, message('xmlns="jabber:client" from="juliet@localhost/tablet" to="romeo@localhost"'));
			expect(reason(ignoring, sent)).toBe(UNKNOWN);
			expect(reason(muting, sent)).toBe(undefined);
			expect(reason({ muted_jids: { [account]: true } }, sent)).toBe(MUTED);
		});

		it("that others made up is from them", () => {
			const of = (from: string, inner: string): string =>
				carbon("received", from, message(`xmlns="jabber:client" from="${inner}" to="juliet@localhost/tablet" type="chat"`));
			expect(reason(ignoring, of("nurse@localhost", "romeo@localhost"))).toBe(UNKNOWN);
			expect(reason(muting, of("romeo@localhost", "nurse@localhost"))).toBe(MUTED);
			expect(reason(ignoring, of("juliet@localhost/tablet", "romeo@localhost"))).toBe(UNKNOWN);
		});
	});

	it("is sent where something else is stored than should be, and the other filters hold", () => {
		const anything = ["true", "1", '"romeo@localhost"', "[]", '["romeo@localhost"]', "{}", '{"romeo@localhost":"yes"}'];
		const chat = message('from="romeo@localhost/orchard" to="juliet@localhost" type="chat"');
		const room = message('from="balcony@rooms.localhost/romeo" to="juliet@localhost" type="groupchat"', "<body>jule</body>");
		for (const json of anything) {
			const value: unknown = JSON.parse(json);
			expect(reason({ filter_unknown: json === "true" ? 1 : value }, message('from="nurse@localhost"')), json).toBe(undefined);
			expect(reason({ muted_jids: value }, chat), json).toBe(undefined);
			expect(reason({ muted_jids: value, groupchat_rules: { "balcony@rooms.localhost": { when: "never" } } }, room), json)
				.toBe("Filtering: muted group chat");
			expect(reason({ groupchat_rules: value }, room), json).toBe(typeof value === "object" ? NO_RULE : undefined);
			expect(reason({ ...muting, groupchat_rules: value }, chat), json).toBe(MUTED);
			expect(reason({ groupchat_rules: { "balcony@rooms.localhost": value } }, room), json).toBe(NO_RULE);
			expect(reason({ groupchat_rules: { "balcony@rooms.localhost": { when: value } } }, room), json).toBe(NO_RULE);
			// A nickname is text, and none of these is in what is said.
			expect(reason({ groupchat_rules: { "balcony@rooms.localhost": { when: "mentioned", nick: value } } }, room), json)
				.toBe("Filtering: not mentioned");
		}
	});
});
