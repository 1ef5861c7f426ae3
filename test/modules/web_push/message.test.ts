import { describe, expect, it } from "vitest";
import { HOST_NAMES, type HostName } from "../../server/hosts";
import { createLab, createRecipient, encryption_to_base64 } from "../push/lab";
import {
	largest_push, message_maker, smallest_push, type MessageOptions, type WebPushMessage,
} from "../../../modules/mod_web_push/message";

const OPTIONS: MessageOptions = {
	with_body: false, with_sender: false, important_body: "New Message!", max_payload: largest_push, ttl: 259200,
	secret: "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n",
};
const TELL_ALL = { with_body: true, with_sender: true };

const BODY = "<body>Wherefore art thou?</body>";
const OMEMO = "<encrypted xmlns='eu.siacs.conversations.axolotl'/>";
const PROPOSE = "<propose xmlns='urn:xmpp:jingle-message:0' id='c1'/>";

function message(content: string, attributes = "type='chat'"): string {
	return `<message from='romeo@montague.lit/orchard' to='juliet@localhost' ${attributes}>${content}</message>`;
}

/** A copy of a message for another client of Juliet's. */
function carbon(direction: "received" | "sent", copied: string, from = "juliet@localhost"): string {
	return `<message from='${from}' to='juliet@localhost/phone'><${direction} xmlns='urn:xmpp:carbons:2'>`
		+ `<forwarded xmlns='urn:xmpp:forward:0'>${copied.replace("<message", "<message xmlns='jabber:client'")}</forwarded>`
		+ `</${direction}></message>`;
}

describe.each(HOST_NAMES)("Web Push messages on %s", (host_name: HostName) => {
	const { module, require } = createLab(host_name);

	function about(
		xml: string | undefined, options: Partial<MessageOptions> = {}, username = "juliet", identifier = "endpoint1",
	): WebPushMessage {
		const [stanza, error] = xml !== undefined ? require("util.xml").parse(xml) : [];
		if (error !== undefined) throw new Error(error);
		return message_maker(module, require, { ...OPTIONS, ...options })(username, identifier, stanza);
	}

	function told(xml: string | undefined, options: Partial<MessageOptions> = {}): unknown {
		return JSON.parse(about(xml, options).payload);
	}

	it.each<[string, string | undefined, Partial<MessageOptions>, object]>([
		["a ping", undefined, TELL_ALL, {}],
		["a message", message(BODY), {}, { "last-message-body": "New Message!" }],
		["its sender", message(BODY), { with_sender: true }, {
			"last-message-sender": "romeo@montague.lit", "last-message-body": "New Message!",
		}],
		["its body", message(BODY), { with_body: true }, { "last-message-body": "Wherefore art thou?" }],
		["both", message(BODY), TELL_ALL, {
			"last-message-sender": "romeo@montague.lit", "last-message-body": "Wherefore art thou?",
		}],
		["no body in its stead", message(BODY), { important_body: "" }, {}],
		["its own body all the same", message(BODY), { important_body: "", with_body: true }, {
			"last-message-body": "Wherefore art thou?",
		}],
		["an encrypted message", message(OMEMO), TELL_ALL, {
			"last-message-sender": "romeo@montague.lit", "last-message-body": "New Message!",
		}],
		["an encrypted message with an explanation", message(`<body>I sent you an OMEMO message</body>${OMEMO}`), TELL_ALL, {
			"last-message-sender": "romeo@montague.lit", "last-message-body": "New Message!",
		}],
		["a call", message(PROPOSE), TELL_ALL, {
			"last-message-sender": "romeo@montague.lit", "last-message-body": "New Message!",
		}],
		["a chat state", message("<active xmlns='http://jabber.org/protocol/chatstates'/>"), TELL_ALL, {
			"last-message-sender": "romeo@montague.lit",
		}],
		["an empty body", message("<body/>"), TELL_ALL, { "last-message-sender": "romeo@montague.lit" }],
		["a headline, which is not important", message(BODY, "type='headline'"), {}, {}],
		["a headline's body", message(BODY, "type='headline'"), { with_body: true }, {
			"last-message-body": "Wherefore art thou?",
		}],
		["a room", "<message from='balcony@muc.localhost/Romeo' type='groupchat'><body>Ay me!</body></message>", TELL_ALL, {
			"last-message-sender": "balcony@muc.localhost", "last-message-body": "Ay me!",
		}],
		["a presence", "<presence from='romeo@montague.lit/orchard'><body>?</body></presence>", TELL_ALL, {
			"last-message-sender": "romeo@montague.lit",
		}],
		["a copy, as what it is a copy of", carbon("received", message(BODY)), TELL_ALL, {
			"last-message-sender": "romeo@montague.lit", "last-message-body": "Wherefore art thou?",
		}],
		["a copy of what the user sent, as nothing new", carbon("sent", message(BODY)), TELL_ALL, {
			"last-message-sender": "juliet@localhost",
		}],
		["what looks like a copy, as its sender's", carbon("received", message(BODY), "eve@montague.lit"), TELL_ALL, {
			"last-message-sender": "eve@montague.lit", "last-message-body": "New Message!",
		}],
		["no sender where there is none", "<message><body>x</body></message>", TELL_ALL, { "last-message-body": "x" }],
		["what is no text in JSON", message("<body>\"\\/\t\n&#x7f;\u2028😀é</body>"), { with_body: true }, {
			"last-message-body": "\"\\/\t\n\x7f\u2028😀é",
		}],
	])("tell %s", (_, xml, options, members) => {
		expect(told(xml, options)).toEqual({ "message-count": 1, ...members });
	});

	it.each<[string, string | undefined, WebPushMessage["urgency"], number]>([
		["a call", message(PROPOSE), "high", 60],
		["a copy of a call", carbon("received", message(PROPOSE)), "high", 60],
		["a message", message(BODY), "high", 259200],
		["an encrypted message", message(OMEMO), "high", 259200],
		["a chat state", message("<active xmlns='http://jabber.org/protocol/chatstates'/>"), "normal", 259200],
		["a headline", message(BODY, "type='headline'"), "normal", 259200],
		["a ping", undefined, "low", 259200],
	])("have the urgency and the time of %s, whatever may be told", (_, xml, urgency, ttl) => {
		for (const options of [{}, TELL_ALL, { important_body: "" }]) {
			expect(about(xml, options)).toMatchObject({ urgency, ttl });
		}
	});

	it("are kept for no longer than the operator says", () => {
		expect(about(message(BODY), { ttl: 30 }).ttl).toBe(30);
		expect(about(message(PROPOSE), { ttl: 30 }).ttl).toBe(30);
		expect(about(message(BODY), { ttl: 1800.5 }).ttl).toBe(1800);
	});

	it("can do without the body, and say so only where there is one", () => {
		expect(about(message(BODY), TELL_ALL).smaller_payload)
			.toBe("{\"message-count\":1,\"last-message-sender\":\"romeo@montague.lit\"}");
		expect(about(message(BODY)).smaller_payload).toBe("{\"message-count\":1}");
		expect(about(message(BODY), { important_body: "" }).smaller_payload).toBeUndefined();
		expect(about(undefined).smaller_payload).toBeUndefined();
	});

	describe("replace", () => {
		const from = (jid: string, content: string): string => `<message from='${jid}' type='chat'>${content}</message>`;
		const state = "<active xmlns='http://jabber.org/protocol/chatstates'/>";
		const topic = (...args: Parameters<typeof about>): string | undefined => about(...args).topic;
		const with_sender = { with_sender: true };

		it("those that say the same", () => {
			expect(topic(message(BODY))).toBe(topic(message("<body>And?</body>")));
			expect(topic(from("a@b/c", BODY))).toBe(topic(from("d@e/f", OMEMO)));
			expect(topic(from("a@b/c", BODY), with_sender)).toBe(topic(from("a@b/d", OMEMO), with_sender));
			expect(topic(from("a@b", OMEMO), TELL_ALL)).toBe(topic(from("a@b", OMEMO), TELL_ALL));
			expect(topic(message(state))).toBe(topic(message(state)));
			expect(topic(undefined)).toBe(topic(undefined));
		});

		it("none that says more, or anything else", () => {
			for (const important_body of ["New Message!", ""]) {
				const topics = [
					topic(message(BODY), { important_body }),
					topic(message(state), { important_body }),
					topic(undefined, { important_body }),
					topic(from("a@b/c", BODY), { important_body, with_sender: true }),
					topic(from("a@b/c", state), { important_body, with_sender: true }),
					topic(from("d@e/f", BODY), { important_body, with_sender: true }),
				];
				expect(topics).not.toContain(undefined);
				expect(new Set(topics).size).toBe(topics.length);
			}
		});

		it("none with a text, nor a call", () => {
			expect(topic(message(BODY), { with_body: true })).toBeUndefined();
			expect(topic(message(BODY, "type='headline'"), { with_body: true })).toBeUndefined();
			for (const options of [{}, TELL_ALL, { important_body: "" }]) expect(topic(message(PROPOSE), options)).toBeUndefined();
		});

		it("none of another account or endpoint, and tell nobody which are the same", () => {
			const topics = [
				topic(message(BODY)),
				topic(message(BODY), {}, "nurse"),
				topic(message(BODY), {}, "juliet", "endpoint2"),
				topic(message(BODY), { secret: "another server" }),
			];
			expect(new Set(topics).size).toBe(topics.length);
			// RFC 8030, 5.4.
			for (const one of topics) expect(one).toMatch(/^[A-Za-z0-9_-]{32}$/);
		});
	});

	describe("fit", () => {
		const { encrypt } = encryption_to_base64(require);
		const recipient = createRecipient();

		const size = (payload: string): number => {
			const encrypted = encrypt(payload, recipient.ua_public, recipient.auth_secret);
			return Buffer.from(encrypted!, "base64").length;
		};

		it.each([
			["ASCII", "x"], ["two bytes", "é"], ["three", "漢"], ["four", "😀"], ["escapes", "\""], ["long escapes", "\\"],
			["line breaks", "\n"], ["a mixture", "a\"é\n漢😀"],
		])("what services take, to the last character: %s", (_, unit) => {
			for (const max_payload of [smallest_push, 2000, largest_push]) {
				for (const options of [{ with_body: true }, TELL_ALL]) {
					const long = unit.repeat(100_000 / unit.length);
					const { payload } = about(message(`<body>${long}</body>`), { ...options, max_payload });
					const body = (JSON.parse(payload) as Record<string, string>)["last-message-body"]!;
					expect(body.endsWith("…")).toBe(true);
					const kept = body.slice(0, -1);
					expect(long.startsWith(kept)).toBe(true);
					expect(size(payload)).toBeLessThanOrEqual(max_payload);
					const next = String.fromCodePoint(long.codePointAt(kept.length)!);
					expect(size(payload) + Buffer.byteLength(JSON.stringify(next)) - 2).toBeGreaterThan(max_payload);
				}
			}
		});

		it("with a body that just fits, whole", () => {
			const room = largest_push - 103 - "{\"message-count\":1,\"last-message-body\":\"\"}".length;
			const body = (length: number) => about(message(`<body>${"x".repeat(length)}</body>`), { with_body: true }).payload;
			expect(size(body(room))).toBe(largest_push);
			expect(body(room)).not.toContain("…");
			expect(body(room + 1)).toContain("x…\"");
			expect(size(body(room + 1))).toBe(largest_push);
		});

		it("as it is written in JSON, where it would fit without its escapes", () => {
			for (const unit of ["\"", "\\", "\n"]) {
				const { payload } = about(message(`<body>${unit.repeat(2500)}</body>`), { with_body: true });
				expect(size(payload)).toBeLessThanOrEqual(largest_push);
				expect(JSON.parse(payload)).toMatchObject({ "last-message-body": expect.stringMatching(/^.{1900,}…$/s) as string });
			}
		});

		it("with what the operator has instead of a body, however long", () => {
			const { payload } = about(message(BODY), { important_body: "é".repeat(5000) });
			expect(size(payload)).toBeLessThanOrEqual(largest_push);
			expect(JSON.parse(payload)).toMatchObject({ "last-message-body": expect.stringMatching(/^é{1900,}…$/) as string });
		});

		it("with a sender's name only if it leaves room for the text", () => {
			const long = (length: number): string => `${"a".repeat(length - 2)}@b`;
			const sender = (length: number, max_payload: number): unknown => {
				const { payload } = about(`<message from='${long(length)}/c'>${BODY}</message>`, { ...TELL_ALL, max_payload });
				expect(size(payload)).toBeLessThanOrEqual(max_payload);
				const { "last-message-body": body, "last-message-sender": sender } = JSON.parse(payload) as Record<string, unknown>;
				expect(body).toBe("Wherefore art thou?");
				return sender;
			};
			expect(sender(1900, largest_push)).toBe(long(1900));
			expect(sender(2047, largest_push)).toBeUndefined();
			expect(sender(400, smallest_push)).toBe(long(400));
			expect(sender(500, smallest_push)).toBeUndefined();
		});
	});
});
