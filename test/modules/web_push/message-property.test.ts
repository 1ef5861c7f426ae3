import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { any_text } from "../random-text";
import { HOST_NAMES } from "../../server/hosts";
import { createLab, createRecipient, encryption_to_base64 } from "../push/lab";
import { largest_push, message_maker, smallest_push, type MessageOptions } from "../../../modules/mod_web_push/message";

const text = any_text(20_000);
const jid = fc.oneof(
	fc.constantFrom("romeo@montague.lit/orchard", "montague.lit", "room@muc.localhost/Ünï", "", "@", "/"),
	text,
	text.map((name) => `${name}@montague.lit/x`),
	text.map((resource) => `juliet@localhost/${resource}`),
);

const escaped = (text: string): string =>
	text.replace(/[<>&'"\t\n\r]/g, (special) => `&#${special.charCodeAt(0)};`);

const child = fc.oneof(
	{ weight: 3, arbitrary: text.map((body) => `<body>${escaped(body)}</body>`) },
	{ weight: 1, arbitrary: fc.constantFrom(
		"<body/>", "<body><x/></body>", "<subject>s</subject>", "<propose xmlns='urn:xmpp:jingle-message:0'/>",
		"<encrypted xmlns='urn:xmpp:omemo:0'/>", "<x xmlns='jabber:x:encrypted'>x</x>",
	) },
);
const stanza = fc.record({
	name: fc.constantFrom("message", "message", "message", "presence", "iq"),
	from: fc.option(jid, { nil: undefined }),
	type: fc.constantFrom("chat", "groupchat", "headline", "error", "normal", "'\""),
	children: fc.array(child, { maxLength: 3 }),
	copied: fc.constantFrom(undefined, "received", "sent"),
	copied_for: fc.constantFrom("juliet@localhost", "eve@localhost"),
}).map(({ name, from, type, children, copied, copied_for }) => {
	const attributes = `${from !== undefined ? `from='${escaped(from)}' ` : ""}type='${escaped(type)}'`;
	const xml = (namespace: string): string => `<${name}${namespace} ${attributes}>${children.join("")}</${name}>`;
	if (copied === undefined) return xml("");
	return `<message from='${copied_for}'><${copied} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>`
		+ `${xml(" xmlns='jabber:client'")}</forwarded></${copied}></message>`;
});

const options = fc.record({
	with_body: fc.boolean(),
	with_sender: fc.boolean(),
	important_body: fc.oneof(fc.constantFrom("New Message!", ""), text),
	max_payload: fc.oneof(fc.constant(largest_push), fc.double({ min: smallest_push, max: largest_push, noNaN: true })),
	ttl: fc.double({ min: 0, max: 2_419_200, noNaN: true }),
	secret: fc.constant("secret"),
});

describe("the Web Push message about any stanza", () => {
	const labs = HOST_NAMES.map((name) => createLab(name));
	const recipient = createRecipient();
	const [{ encrypt }] = labs.map(({ require }) => encryption_to_base64(require)) as [ReturnType<typeof encryption_to_base64>];

	const encrypted_bytes = (payload: string): Buffer =>
		Buffer.from(encrypt(payload, recipient.ua_public, recipient.auth_secret)!, "base64");

	it("is the same on all hosts, fits, and tells no more than is there and may be told", { timeout: 120_000 }, () => {
		let [cut, whole, senders] = [0, 0, 0];
		fc.assert(fc.property(stanza, options, (xml, options: MessageOptions) => {
			const [made, ...others] = labs.map(({ module, require }) => {
				const [parsed, error] = require("util.xml").parse(xml);
				if (parsed === undefined) throw new Error(error);
				return { ...message_maker(module, require, options)("juliet", "endpoint", parsed) };
			});
			for (const other of others) expect(other).toEqual(made);

			for (const payload of [made!.payload, made!.smaller_payload ?? "{}"]) {
				const bytes = encrypted_bytes(payload);
				expect(bytes.length).toBeLessThanOrEqual(options.max_payload);
				const opened = new TextDecoder("utf-8", { fatal: true }).decode(recipient.open(bytes.toString("base64")));
				expect(opened).toBe(payload);
			}
			const { "message-count": count, "last-message-sender": sender, "last-message-body": body, ...more } =
				JSON.parse(made!.payload) as Record<string, string>;
			expect([count, more]).toEqual([1, {}]);
			expect(JSON.stringify(JSON.parse(made!.smaller_payload ?? made!.payload)))
				.toBe(JSON.stringify({ "message-count": 1, "last-message-sender": sender }));

			if (sender !== undefined) {
				senders++;
				expect(options.with_sender).toBe(true);
				expect(sender).not.toContain("/");
				expect(xml).toContain(escaped(sender));
			}
			if (body === undefined) return;
			const texts = [...xml.matchAll(/<body>([^<]*)<\/body>/g)].map(([, text]) =>
				text!.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))));
			const possible = [options.important_body, ...(options.with_body ? texts.slice(0, 1) : [])];
			if (possible.includes(body)) {
				whole++;
				return;
			}
			cut++;
			expect(body.endsWith("…")).toBe(true);
			const kept = body.slice(0, -1);
			// A character in two halves would not be equal to itself in UTF-8.
			expect(Buffer.from(kept).toString()).toBe(kept);
			expect(possible.some((text) => text.startsWith(kept))).toBe(true);
		}), { numRuns: 400 });
		for (const seen of [cut, whole, senders]) expect(seen).toBeGreaterThan(10);
	});
});
