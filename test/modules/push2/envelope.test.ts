import { parse, type Element } from "ltx";
import { describe, expect, it } from "vitest";
import type { Stanza } from "../../../bridge/api";
import { HOST_NAMES } from "../../server/hosts";
import { envelope_maker, type Archived } from "../../../modules/mod_push2/envelope";
import { createLab, createRecipient, encryption_to_base64 } from "../push/lab";
import { open_envelope } from "../push/opened";

const ROOM = 4096 - 86 - 17;
const JULIET = "juliet@localhost";
const FROM_ROMEO = `to="${JULIET}/phone" from="romeo@localhost/orchard" type="chat" id="m1"`;
const BY_US = `<stanza-id xmlns="urn:xmpp:sid:0" by="${JULIET}" id="a1"/>`;

describe.each(HOST_NAMES)("envelopes on %s", (host_name) => {
	const lab = createLab(host_name);
	const st = lab.require("util.stanza");

	function stanza(xml: string): Stanza {
		const [parsed, error] = lab.require("util.xml").parse(xml);
		if (parsed === undefined) throw new Error(error);
		return parsed;
	}
	const make = (xml: string | Stanza, archived?: Archived, max_payload = 4096): string =>
		envelope_maker(lab.module, lab.require, { max_payload })(typeof xml === "string" ? stanza(xml) : xml, archived);
	const opened = (...args: Parameters<typeof make>) => open_envelope(make(...args));
	/** Names of the elements in the stanza, by their order. */
	const names = ({ stanza }: { stanza: Element }): string[] => stanza.getChildElements().map(({ name }) => name);
	const ids = ({ children }: Element): unknown[] =>
		children.filter((child) => (child as Element).name === "stanza-id").map((child) => (child as Element).attrs);
	const own_id = { xmlns: "urn:xmpp:sid:0", by: JULIET, id: "a1" };
	/** Elements without the order of their attributes. */
	const plain = ({ name, attrs, children }: Element): unknown =>
		[name, attrs, children.map((child) => (typeof child === "string" ? child : plain(child as Element)))];
	const body = (message: Element): string => message.getChild("body")!.getText();
	/** A message whose envelope without padding has so many bytes. */
	const message_of = (size: number): string => {
		const empty = opened(`<message ${FROM_ROMEO}><body>x</body></message>`).size - 1;
		return `<message ${FROM_ROMEO}><body>${"x".repeat(size - empty)}</body></message>`;
	};

	it("hold the stanza, whole", () => {
		const xml = `<message xmlns="jabber:client" ${FROM_ROMEO} xml:lang="en"><body>Ü &lt;&amp;"'</body>text`
			+ '<x xmlns="a"><y xmlns="b" xmlns:ns1="c" ns1:d="e"/></x><body xml:lang="de"/></message>';
		expect(plain(opened(xml).stanza)).toEqual(plain(parse(xml)));
	});

	it("leave the stanza as it is", () => {
		for (const text of ["short", "long".repeat(5000)]) {
			const original = stanza(`<message ${FROM_ROMEO}><body>${text}</body><x xmlns="jabber:client"/>${BY_US}</message>`);
			const before = String(original);
			make(original, { id: "a2", by: JULIET });
			expect(String(original)).toBe(before);
		}
	});

	it("hold presences and IQs too", () => {
		const presence = `<presence xmlns="jabber:client" from="romeo@localhost" to="${JULIET}" type="subscribe"/>`;
		expect(plain(opened(presence).stanza)).toEqual(plain(parse(presence)));
		const iq = `<iq from="romeo@localhost/orchard" to="${JULIET}/phone" type="set" id="i1"><query xmlns="q">${"x".repeat(5000)}</query></iq>`;
		expect(opened(iq).stanza.attrs).toMatchObject({ from: "romeo@localhost/orchard", type: "set", id: "i1" });
	});

	describe("the archive id", () => {
		it("is added where the stanza does not carry it", () => {
			const { stanza } = opened(`<message ${FROM_ROMEO}><body>Hi</body></message>`, { id: "a1", by: JULIET });
			expect(ids(stanza)).toEqual([own_id]);
		});

		it("is there once where the stanza carries it", () => {
			const xml = `<message ${FROM_ROMEO}><body>Hi</body>${BY_US}</message>`;
			expect(ids(opened(xml, { id: "a1", by: JULIET }).stanza)).toEqual([own_id]);
			// It stays where it stands.
			const delayed = xml.replace("</message>", "<delay xmlns=\"urn:xmpp:delay\"/></message>");
			expect(names(opened(delayed, { id: "a1", by: JULIET }))).toEqual(["body", "stanza-id", "delay"]);
		});

		it("is the archive's, whatever a sender claims", () => {
			const forged = `<stanza-id xmlns="urn:xmpp:sid:0" by="${JULIET}" id="forged"/>`;
			const other = '<stanza-id xmlns="urn:xmpp:sid:0" by="romeo@localhost" id="other"/>';
			const message = `<message ${FROM_ROMEO}>${forged}${other}<body>Hi</body></message>`;
			expect(ids(opened(message, { id: "a1", by: JULIET }).stanza)).toEqual([
				{ xmlns: "urn:xmpp:sid:0", by: "romeo@localhost", id: "other" }, own_id,
			]);
			expect(ids(opened(message.replace("</message>", `${BY_US}</message>`), { id: "a1", by: JULIET }).stanza)).toHaveLength(2);
			expect(ids(opened(message.replace("</message>", `${BY_US}</message>`), { id: "a1", by: JULIET }).stanza).at(-1)).toEqual(own_id);
		});

		it("stays in what is too large, of any part of it", () => {
			const long = "x".repeat(10_000);
			for (const xml of [
				`<message to="${JULIET}" id="${long}"/>`,
				`<message to="${JULIET}" from="${long}@localhost/${long}"/>`,
				`<message to="${JULIET}" type="${long}"/>`,
				`<message to="${JULIET}" xml:lang="${long}"/>`,
				`<message to="${JULIET}" xmlns:x="${long}" x:x="${long}"/>`,
				`<message to="${JULIET}">${long}</message>`,
				`<message to="${JULIET}"><body>${long}</body></message>`,
				`<message to="${JULIET}"><body xml:lang="${long}">Hi</body></message>`,
				`<message to="${JULIET}"><body><b>${long}</b></body></message>`,
				`<message to="${JULIET}"><propose xmlns="urn:xmpp:jingle-message:0" id="${long}"/></message>`,
				`<message to="${JULIET}"><encrypted xmlns="urn:xmpp:omemo:0">${long}</encrypted></message>`,
				`<message to="${JULIET}"><stanza-id xmlns="urn:xmpp:sid:0" by="romeo@localhost" id="${long}"/></message>`,
			]) {
				const { stanza, size } = opened(xml, { id: "a1", by: JULIET });
				expect(size).toBeLessThanOrEqual(ROOM);
				expect(ids(stanza)).toEqual([own_id]);
			}
		});

		it("has room even where JIDs are as long as can be", () => {
			const by = `${"j".repeat(1023)}@${"l".repeat(1023)}`;
			const { stanza } = opened(`<message to="${by}"><body>${"x".repeat(5000)}</body></message>`, { id: "a".repeat(36), by }, 2560);
			expect(ids(stanza)).toEqual([{ xmlns: "urn:xmpp:sid:0", by, id: "a".repeat(36) }]);
		});
	});

	describe("padding", () => {
		it("is random text of a random length, up to 200 characters", () => {
			const paddings = Array.from({ length: 300 }, () => opened(`<message ${FROM_ROMEO}/>`).padding ?? "");
			const lengths = paddings.map((padding) => padding.length);
			expect(Math.max(...lengths)).toBe(200);
			expect(Math.min(...lengths)).toBe(0);
			expect(new Set(lengths).size).toBeGreaterThan(30);
			expect(new Set(paddings).size).toBeGreaterThan(250);
		});

		it("takes what room there is, and no more", () => {
			for (const left of [0, 12, 13, 16, 17, 18, 100, 212, 213]) {
				for (let n = 0; n < 10; n++) {
					const xml = make(message_of(ROOM - left));
					expect(Buffer.byteLength(xml)).toBeLessThanOrEqual(ROOM);
					expect(open_envelope(xml).padding?.length ?? 0).toBeLessThanOrEqual(Math.max(left - 13, 0));
				}
			}
		});
	});

	describe("at the borders", () => {
		const recipient = createRecipient();
		const { encrypt } = encryption_to_base64(lab.require);

		it.each([949, 950, 951, 1422, 1423, 1424, 2847, 2848, ROOM - 1, ROOM])("hold all of what has %i bytes", (size) => {
			const message = message_of(size);
			const payload = encrypt(make(message), recipient.ua_public, recipient.auth_secret)!;
			expect(Buffer.from(payload, "base64").length).toBeLessThanOrEqual(4096);
			const { stanza, size: actual } = open_envelope(recipient.open(payload).toString());
			expect(actual).toBe(size);
			expect(body(stanza)).toBe(body(parse(message)));
			expect(stanza.attrs).toMatchObject({ id: "m1", type: "chat" });
		});

		it("do without something if there is one byte too many, and shorten the body only for want of more", () => {
			const { stanza, size } = opened(message_of(ROOM + 1));
			expect(body(stanza)).toBe(body(parse(message_of(ROOM + 1))));
			expect(stanza.attrs).toEqual({ xmlns: "jabber:client", from: "romeo@localhost/orchard", type: "chat", id: "m1" });
			expect(size).toBe(ROOM + 1 - Buffer.byteLength(` to="${JULIET}/phone"`));

			const of = (length: number): Element => parse(`<message type="chat"><body>${"x".repeat(length)}</body></message>`);
			const frame = opened(of(1).toString()).size - 1;
			const fitting = opened(of(ROOM - frame).toString());
			expect([body(fitting.stanza), fitting.size]).toEqual(["x".repeat(ROOM - frame), ROOM]);
			const shortened = make(of(ROOM - frame + 1).toString());
			expect(body(open_envelope(shortened).stanza)).toBe(`${"x".repeat(ROOM - frame - 3)}…`);
			const payload = encrypt(shortened, recipient.ua_public, recipient.auth_secret)!;
			expect(Buffer.from(payload, "base64")).toHaveLength(4096);
			expect(recipient.open(payload).toString()).toBe(shortened);
		});

		it("are as small as is asked for", () => {
			for (const max_payload of [2560, 2847, 4095, 3000.7]) {
				const { size } = opened(message_of(9000), undefined, max_payload);
				expect(size).toBe(Math.floor(max_payload) - 103);
			}
			expect(lab.log.filter(({ level }) => level === "error")).toEqual([]);
		});

		it.each([[0, 2560], [2559, 2560], [4097, 4096], [Infinity, 4096], [NaN, 4096]])(
			"take no size of %d", (max_payload, instead) => {
				const before = lab.log.length;
				expect(opened(message_of(5000), undefined, max_payload).size).toBe(instead - 103);
				expect(lab.log.slice(before).map(({ message }) => message)).toEqual([
					`Config option 'push2_max_payload' must be between 2560 and 4096; using ${instead}`,
				]);
			},
		);
	});

	describe("too large", () => {
		it.each([
			["letters", "x"], ["umlauts", "ä"], ["emoji", "😀"], ["what XML escapes", "&amp;"], ["quotes", "'\""],
			["combined characters", "e\u0301"], ["a family", "👨‍👩‍👧‍👦"], ["all of it", "a&lt;ß😀\n"],
		])("cut a body of %s between characters, to all the room there is", (_, piece) => {
			for (let shift = 0; shift < 6; shift++) {
				const text = "y".repeat(shift) + piece.repeat(5000);
				const { stanza, size } = opened(`<message ${FROM_ROMEO}><body>${text}</body></message>`);
				const shown = body(stanza);
				const whole = body(parse(`<a><body>${text}</body></a>`));
				expect(shown.endsWith("…")).toBe(true);
				const start = shown.slice(0, -1);
				expect(whole.startsWith(start)).toBe(true);
				const next = [...whole.slice(start.length)][0]!;
				expect(size + Buffer.byteLength(st.xml_escape(next))).toBeGreaterThan(ROOM);
				expect(size).toBeLessThanOrEqual(ROOM);
			}
		});

		it("keep what matters most", () => {
			const long = "x".repeat(10_000);
			const { stanza } = opened(`<message ${FROM_ROMEO} xml:lang="en"><extra xmlns="e"/><subject>S</subject>`
				+ `<replace xmlns="urn:xmpp:message-correct:0" id="m0"/><body>${long}</body><body xml:lang="de">Kurz</body>`
				+ `<encryption xmlns="urn:xmpp:eme:0" namespace="o"/><encrypted xmlns="urn:xmpp:omemo:0">secret</encrypted>`
				+ `${BY_US}</message>`, { id: "a1", by: JULIET });
			expect(names({ stanza })).toEqual(["replace", "body", "encryption", "encrypted", "stanza-id"]);
			expect(stanza.attrs).toEqual({ xmlns: "jabber:client", from: "romeo@localhost/orchard", type: "chat" });
		});

		it("leave out what a notification can do without, and go on to what fits", () => {
			const { stanza } = opened(`<message ${FROM_ROMEO} xml:lang="en"><extra xmlns="e"/><large xmlns="e">${"x".repeat(4000)}</large>`
				+ `<body>Hello</body><thread>t</thread><other xmlns="e"/></message>`);
			expect(names({ stanza })).toEqual(["extra", "body", "thread", "other"]);
			expect(stanza.attrs).toEqual({
				"xmlns": "jabber:client", "from": "romeo@localhost/orchard", "to": `${JULIET}/phone`, "type": "chat", "id": "m1",
				"xml:lang": "en",
			});
			expect(body(stanza)).toBe("Hello");
		});

		/** What differs as an element of encryption grows, in order. */
		const growing = <T>(fallback: string, show: (stanza: Element) => T): T[] => {
			const seen: T[] = [];
			for (let size = 3680; size < 3740; size++) {
				const { stanza } = opened(`<message ${FROM_ROMEO}><body>${fallback}</body>`
					+ `<encrypted xmlns="eu.siacs.conversations.axolotl">${"x".repeat(size)}</encrypted></message>`);
				const shown = show(stanza);
				if (JSON.stringify(shown) !== JSON.stringify(seen.at(-1))) seen.push(shown);
			}
			return seen;
		};

		it("hold encryption whole or not at all, before the body", () => {
			expect(growing("fallback", (stanza) => names({ stanza })))
				.toEqual([["body", "encrypted"], ["encrypted"], ["body"]]);
		});

		it("say that there is a body where there is room for nothing of it", () => {
			expect(growing("&lt;😀 fallback", ({ children }) => (children[0] as Element).getText().replace(/^x+$/, "")))
				.toEqual(["<😀 fallback", "<😀 fall…", "<😀 fal…", "<😀 fa…", "<😀 f…", "<😀 …", "<😀…", "<…", "…", "", "<😀 fallback"]);
		});

		it("keep the bare JID of a sender whose full one has no room", () => {
			const { stanza } = opened(`<message to="${JULIET}" from="romeo@localhost/${"&amp;".repeat(1000)}"/>`);
			expect(stanza.attrs.from).toBe("romeo@localhost");
		});

		it("still say of a call that it is one", () => {
			const { stanza } = opened(`<message ${FROM_ROMEO}><propose xmlns="urn:xmpp:jingle-message:0" id="c1">`
				+ `<description xmlns="d" media="audio"/><description xmlns="d">${"x".repeat(5000)}</description></propose></message>`);
			const propose = stanza.getChild("propose", "urn:xmpp:jingle-message:0")!;
			expect(propose.attrs.id).toBe("c1");
			expect(propose.getChildElements()[0]!.attrs.media).toBe("audio");
		});

		it("still say who invites where", () => {
			const { stanza } = opened('<message from="room@muc.localhost" to="juliet@localhost">'
				+ '<x xmlns="http://jabber.org/protocol/muc#user"><invite from="romeo@localhost"><continue thread="e0ff"/>'
				+ `<reason>${"x".repeat(5000)}</reason></invite><password>p</password></x></message>`);
			const x = stanza.getChild("x", "http://jabber.org/protocol/muc#user")!;
			expect(x.toString()).toBe('<x xmlns="http://jabber.org/protocol/muc#user"><invite from="romeo@localhost">'
				+ '<continue thread="e0ff"/></invite><password>p</password></x>');
		});

		it("hold of several bodies the first", () => {
			const { stanza } = opened(`<message ${FROM_ROMEO}><body xml:lang="en">${"x".repeat(4000)}</body><body xml:lang="de">K</body></message>`);
			expect(stanza.getChildren("body").map(({ attrs }) => attrs["xml:lang"])).toEqual(["en"]);
		});

		it("take the namespace of what is in a message in either way", () => {
			const { stanza } = opened(`<message xmlns="jabber:client" ${FROM_ROMEO}><body>${"x".repeat(4000)}</body></message>`);
			expect(body(stanza)).toMatch(/^x+…$/);
			const built = st.message({ to: JULIET });
			built.tag("body", { xmlns: "jabber:client" }).text("y".repeat(5000)).up();
			const { stanza: shortened, size } = opened(built);
			expect(body(shortened)).toMatch(/^y+…$/);
			expect(size).toBe(ROOM);
		});
	});

	describe("carbon copies", () => {
		const carbon = (from: string, text: string): string => `<message xmlns="jabber:client" from="${from}" to="${JULIET}/phone" type="chat">`
			+ '<received xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">'
			+ `<message xmlns="jabber:client" to="${JULIET}/laptop" from="boss@localhost/work" type="chat"><body>${text}</body>${BY_US}</message>`
			+ "</forwarded></received></message>";

		it("are held whole where there is room", () => {
			const { stanza } = opened(carbon(JULIET, "Hello"));
			expect(stanza.attrs.from).toBe(JULIET);
			expect(stanza.getChild("received")!.getChild("forwarded")!.getChild("message")!.getChildText("body")).toBe("Hello");
		});

		it("give way to the message in them where there is none", () => {
			const text = "x".repeat(3600);
			const { stanza } = opened(carbon(JULIET, text), { id: "a1", by: JULIET });
			expect(stanza.attrs).toMatchObject({ from: "boss@localhost/work", to: `${JULIET}/laptop`, type: "chat" });
			expect(body(stanza)).toBe(text);
			expect(ids(stanza)).toEqual([own_id]);
		});

		it("give way to as much of it as there is room for", () => {
			const { stanza, size } = opened(carbon(JULIET, "x".repeat(9000)), { id: "a1", by: JULIET });
			expect(stanza.attrs.from).toBe("boss@localhost/work");
			expect(ids(stanza)).toEqual([own_id]);
			expect(size).toBe(ROOM);
		});

		it("are the user's own: what someone else sends like one is theirs", () => {
			for (const text of ["Hello", "x".repeat(3600), "x".repeat(9000)]) {
				const { stanza } = opened(carbon("eve@localhost/attic", text), { id: "a2", by: JULIET });
				expect(stanza.attrs.from).toBe("eve@localhost/attic");
				expect(ids(stanza)).toEqual([{ ...own_id, id: "a2" }]);
			}
		});
	});

	it("leave out what cannot be written: elements in XML's own namespace", () => {
		const { stanza } = opened(`<message ${FROM_ROMEO}><xml:evil/><body>Hello</body><x xmlns="x"><xml:evil/></x>`
			+ `<propose xmlns="urn:xmpp:jingle-message:0" id="c1"><xml:evil/><y/></propose></message>`, { id: "a1", by: JULIET });
		expect(names({ stanza })).toEqual(["body", "propose", "stanza-id"]);
		expect(stanza.getChild("propose")!.getChildElements().map(({ name }) => name)).toEqual(["y"]);
	});
});
