import fc from "fast-check";
import type { Element } from "ltx";
import { describe, expect, it } from "vitest";
import type { Attributes } from "../../../bridge/api";
import { HOST_NAMES } from "../../server/hosts";
import { HOSTILE_NAMES } from "../../node/machine";
import { envelope_maker, largest_payload, smallest_payload } from "../../../modules/mod_push2/envelope";
import { createLab, createRecipient, encryption_to_base64 } from "../push/lab";
import { open_envelope } from "../push/opened";

/** What the largest stanza has that a server takes of a client, unless it is told otherwise. */
const LARGEST_STANZA = 256 * 1024;
const JULIET = "juliet@localhost";
const STANZA_ID = "urn:xmpp:sid:0";
const XML = "http://www.w3.org/XML/1998/namespace";

/** Characters that XML can have (XML 1.0, 2.2), of every script. */
const character = fc.oneof(
	fc.constantFrom(..."<>&'\"\n\t\r ]"),
	fc.constantFrom("ä", "\u00a0", "\u0301", "ش", "\u202e", "漢", "😀", "👨‍👩‍👧", "\u{10ffff}", "\ufffd", "\ud7ff", "\ue000"),
	fc.integer({ min: 0x20, max: 0x10ffff }).filter((code) => (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff)
		.map((code) => String.fromCodePoint(code)),
);
const short_text = fc.string({ unit: character, maxLength: 20 });
/** Up to so many bytes, most of them as short as they are in life. */
const text = (longest: number): fc.Arbitrary<string> => fc.oneof(
	{ weight: 3, arbitrary: short_text },
	{ weight: 1, arbitrary: fc.tuple(short_text, fc.integer({ min: 0, max: longest })).map(([piece, size]) =>
		piece.repeat(Math.floor(size / Math.max(Buffer.byteLength(piece) * 6, 1)))) },
);
const name = fc.oneof(
	fc.constantFrom(...HOSTILE_NAMES.filter((hostile) => /^[a-z_]/i.test(hostile)), "ns1", "xmlnsx", "_", "Ünï", "漢字", "a.b-c"),
	fc.stringMatching(/^[A-Za-z_][A-Za-z0-9._-]{0,20}$/),
);
const namespace = fc.oneof(
	fc.constantFrom(
		"jabber:client", "urn:xmpp:omemo:0", "eu.siacs.conversations.axolotl", "jabber:x:encrypted", "urn:xmpp:jingle-message:0",
		"urn:xmpp:message-correct:0", "http://jabber.org/protocol/muc#user", "http://jabber.org/protocol/pubsub#event",
		"urn:xmpp:carbons:2", "urn:xmpp:forward:0", "urn:xmpp:delay", STANZA_ID, XML, "",
	),
	short_text.filter((uri) => uri.trim() !== ""),
);
const attributes = (longest: number): fc.Arbitrary<Attributes> => fc.dictionary(
	fc.oneof(
		fc.constantFrom("xml:lang", "from", "to", "id", "type", "by"), name,
		fc.tuple(short_text.filter((uri) => uri.trim() !== "" && !/[<>&'"\s]/.test(uri)), name).map((parts) => parts.join("\x01")),
	),
	text(longest), { maxKeys: 5 },
);

interface Tree {
	name: string;
	attr: Attributes;
	xmlns?: string;
	children: (Tree | string)[];
}

const tree = (longest: number): fc.Arbitrary<Tree> => fc.letrec<{ tree: Tree }>((tie) => ({
	tree: fc.record({
		name: fc.oneof(name, fc.constantFrom("body", "subject", "thread", "error", "stanza-id", "encrypted", "propose", "x")),
		attr: attributes(longest),
		xmlns: fc.option(namespace, { nil: undefined }),
		children: fc.array(fc.oneof({ depthSize: "small" }, text(longest), tie("tree")), { maxLength: 5 }),
	}),
})).tree;

/** A body, which most messages have. */
const body = text(LARGEST_STANZA).map((children): Tree => ({ name: "body", attr: {}, children: [children] }));
/** Elements nested deep. */
const nested = fc.tuple(name, namespace, fc.integer({ min: 1, max: 1000 })).map(([name, xmlns, depth]) => {
	let inner: Tree = { name, attr: {}, xmlns, children: [] };
	for (let n = 1; n < depth; n++) inner = { name, attr: {}, xmlns, children: [inner] };
	return inner;
});
const child = fc.oneof({ weight: 3, arbitrary: tree(5000) }, { weight: 3, arbitrary: body }, { weight: 1, arbitrary: nested });
const children = fc.oneof(
	{ weight: 4, arbitrary: fc.array(fc.oneof({ weight: 4, arbitrary: child }, { weight: 1, arbitrary: short_text }), { maxLength: 12 }) },
	// One and the same a thousand times.
	{ weight: 1, arbitrary: fc.tuple(tree(20), fc.integer({ min: 1, max: 2000 })).map(([one, count]) => Array.from({ length: count }, () => one)) },
);
const jid = fc.oneof(
	fc.constantFrom("romeo@localhost/orchard", "room@muc.localhost/Ophelia", JULIET), text(4000).map((resource) => `romeo@localhost/${resource}`), text(4000),
);
const stanza_tree = fc.record({
	name: fc.constantFrom("message", "message", "presence", "iq"),
	attr: fc.tuple(attributes(5000), fc.record({ from: jid, to: fc.constantFrom(JULIET, `${JULIET}/phone`) }, { requiredKeys: ["to"] }))
		.map((parts) => Object.assign({}, ...parts) as Attributes),
	children,
});

const archived = fc.option(fc.record({ id: fc.stringMatching(/^[A-Za-z0-9-]{1,60}$/), by: fc.constant(JULIET) }), { nil: undefined });
const max_payload = fc.oneof(fc.constant(largest_payload), fc.integer({ min: smallest_payload, max: largest_payload }));

function message_with_body(body: string) {
	return { name: "message" as const, attr: { to: JULIET }, children: [{ name: "body", attr: {}, children: [body] }] };
}

function escaped(text: string): string {
	return text.replace(/[<>&'"\t\n\r]/g, (special) => `&#${special.charCodeAt(0)};`);
}

/** What a client sends for it, with prefixes where there must be some. */
function written({ name, attr, xmlns, children }: Tree): string {
	const tag = xmlns === XML ? `xml:${name}` : name;
	let xml = `<${tag}`;
	if (xmlns !== undefined && xmlns !== XML) xml += ` xmlns='${escaped(xmlns)}'`;
	Object.entries(attr).forEach(([name, value], n) => {
		const [uri, local] = name.includes("\x01") ? name.split("\x01") : [undefined, name];
		if (uri !== undefined) xml += ` xmlns:p${n}='${escaped(uri)}' p${n}:${local!}='${escaped(value!)}'`;
		else xml += ` ${name}='${escaped(value!)}'`;
	});
	return `${xml}>${children.map((child) => (typeof child === "string" ? escaped(child) : written(child))).join("")}</${tag}>`;
}

describe.each(HOST_NAMES)("any stanza on %s", (host_name) => {
	const lab = createLab(host_name);
	const st = lab.require("util.stanza");
	const { encrypt } = encryption_to_base64(lab.require);
	const recipient = createRecipient();

	const own_ids = (stanza: Element): unknown[] => stanza.getChildren("stanza-id", STANZA_ID)
		.filter(({ attrs }) => attrs.by === JULIET).map(({ attrs }) => attrs.id as unknown);

	it("is encrypted to no more than what is allowed, well-formed, with its archive id", { timeout: 120_000 }, () => {
		let shortened = 0;
		fc.assert(fc.property(stanza_tree, archived, max_payload, (of, archived, max_payload) => {
			const [stanza, error] = lab.require("util.xml").parse(written(of));
			if (stanza === undefined) throw new Error(error);
			const original = String(stanza);
			fc.pre(Buffer.byteLength(original) <= LARGEST_STANZA);

			const xml = envelope_maker(lab.module, lab.require, { max_payload })(stanza, archived);
			const payload = encrypt(xml, recipient.ua_public, recipient.auth_secret)!;
			expect(Buffer.from(payload, "base64").length).toBeLessThanOrEqual(max_payload);
			expect(recipient.open(payload).toString()).toBe(xml);
			const { stanza: shown, size } = open_envelope(xml);
			expect(String(stanza)).toBe(original);
			if (archived !== undefined) expect(own_ids(shown)).toEqual([archived.id]);

			// A body that is cut short could not hold one more character.
			const whole = stanza.get_child_text("body");
			const start = shown.getChild("body")?.getText().replace(/…$/, "");
			if (whole === undefined || start === undefined || whole.endsWith("…") || !shown.getChildText("body")!.endsWith("…")) return;
			shortened++;
			expect(whole.startsWith(start)).toBe(true);
			const [next] = whole.slice(start.length);
			expect(size + Buffer.byteLength(st.xml_escape(next!))).toBeGreaterThan(max_payload - 86 - 17);
		}), {
			numRuns: host_name === "node" ? 150 : 25,
			// Few runs may have none that is shortened.
			examples: [[message_with_body("x".repeat(LARGEST_STANZA / 2)), undefined, largest_payload]],
		});
		expect(shortened).toBeGreaterThan(0);
	});
});
