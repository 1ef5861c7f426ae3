import { compare, type Recording } from "../../bridge/trace/compare";
import { describe, expect, it } from "vitest";
import { encrypted, envelope, jwt, notification, payload, PHONE, ROMEO, token } from "./notifications";
import { entryLines } from "../../bridge/trace/lines";
import { generatedIds, generatedTimes } from "../../bridge/trace/normalise";
import { inTheClear, openNotification, showNotification, withNotifications } from "../../bridge/trace/push2";
import type { ClientKeys } from "../../bridge/scenario/client-keys";
import type { TraceEntry } from "../../bridge/trace/entry";

const NOW = 1_700_000_000;
const HOUR = 3600;
const CLAIMS = { aud: "https://push.example", sub: "xmpp:localhost" };

async function open(inner: string, clients: readonly ClientKeys[] = [ROMEO, PHONE]) {
	return openNotification(notification(inner), clients, NOW);
}

/** The claims in a notification with this token; undefined if it is none, or not good. */
async function claims(text: string, signer = PHONE, clients?: readonly ClientKeys[]) {
	return (await open(jwt(text, signer), clients))?.jwt;
}

async function recording(inner: string, id = "push-a"): Promise<Recording> {
	const entry: TraceEntry = {
		at: 0, kind: "stanza", to: "push.localhost", from: "localhost", xml: notification(inner, id),
	};
	const entries = await withNotifications([entry], [PHONE, ROMEO], NOW);
	const clear = entries.map(inTheClear);
	return { entries, ids: generatedIds(clear, new Set()), times: generatedTimes(clear, []) };
}

describe("a notification of Push 2.0", () => {
	it("is opened with the keys of the client that it is for", async () => {
		const inner = payload(encrypted(envelope(), PHONE));
		expect(await open(inner)).toEqual({ reader: "Juliet's phone", envelope: envelope({ more: "" }).replaceAll("'", "\"") });
		expect(await open(inner, [ROMEO])).toBeUndefined();
		expect(await openNotification(notification("<priority/>"), [PHONE], NOW)).toBeUndefined();
		expect(await openNotification(`<iq>${inner}</iq>`, [PHONE], NOW)).toBeUndefined();
		expect(await openNotification(notification(`${inner}<`), [PHONE], NOW)).toBeUndefined();
	});

	it("is opened without its padding, if that is padding", async () => {
		const opened = async (more: string) => (await open(payload(encrypted(envelope({ more }), PHONE))))?.envelope;
		for (const more of ["", "<rpad/>", `<rpad>${"€".repeat(200)}</rpad>`]) expect(await opened(more)).not.toContain("rpad");
		for (const more of [
			"<rpad>1</rpad><rpad>2</rpad>", "<rpad><x/></rpad>", `<rpad>${"x".repeat(201)}</rpad>`, "<rpad xmlns='u'>1</rpad>",
			"<rpad id='1'/>",
			"<rpad>1</rpad><time xmlns='urn:xmpp:sce:1' stamp='2023-11-14T22:13:20Z'/>", "<rpad>1</rpad> ",
		]) expect(await opened(more)).toContain("rpad");
	});

	const CLEAR = envelope({ more: "" });
	const CLAIM = "<claim name='aud'>https://push.example</claim><claim name='sub'>xmpp:localhost</claim>";

	it.each<[string, () => string | Promise<string>, object, string]>([
		["an envelope in the clear", () => payload(CLEAR), { not_encrypted: true }, "<payload>not encrypted</payload>"],
		["something beside what is encrypted", () => payload(`${encrypted(CLEAR, PHONE)}<b/>`), { not_encrypted: true },
			"<payload>not encrypted</payload>"],
		["claims that nobody signed", () => `<jwt>${CLAIM}</jwt>`, { not_signed: true }, "<jwt>not signed</jwt>"],
		["something beside a token", async () => jwt(`${await token({ ...CLAIMS, exp: NOW + HOUR }, PHONE)}<b/>`, PHONE),
			{ not_signed: true }, ">not signed</jwt>"],
		["a second payload in the clear", () => payload("") + payload(CLEAR), { not_encrypted: true }, "<payload>not encrypted</payload>"],
		["a second notification in the clear", () => `</notification><notification xmlns='urn:xmpp:push2:0'>${payload(CLEAR)}`,
			{ not_encrypted: true }, "<payload>not encrypted</payload>"],
	])("is not shown as if it had been opened where it has %s", async (_, inner, wrong, shown) => {
		const text = await inner();
		expect(await open(text)).toEqual(wrong);
		const xml = notification(text);
		expect(showNotification(xml, (await openNotification(xml, [PHONE], NOW))!)).toContain(shown);
		const { entries: [entry] } = await recording(text);
		expect(entry).toMatchObject({ payload: wrong });
		const lines = entryLines(entry!, String).join("\n");
		expect(lines).toContain(shown);
		expect(lines).not.toMatch(/envelope|claim/);
	});

	it("is not the same in a trace if another client's keys opened it, but is shown alike to scripts", async () => {
		const [phone, romeo] = [await recording(payload(encrypted(CLEAR, PHONE))), await recording(payload(encrypted(CLEAR, ROMEO)))];
		const signed = async (signer: ClientKeys) => recording(jwt(await token({ ...CLAIMS, exp: NOW + HOUR }, signer), signer));
		for (const wire of [false, true]) {
			expect(compare(phone, romeo, { wire })).toMatchObject([{ kind: "different" }]);
			expect(compare(phone, await recording(payload(encrypted(CLEAR, PHONE))), { wire })).toEqual([]);
			expect(compare(await signed(PHONE), await signed(ROMEO), { wire })).toMatchObject([{ kind: "different" }]);
		}
		expect(entryLines(romeo.entries[0]!, String)[1]).toBe('  <notification reader="Romeo" xmlns="urn:xmpp:push2:0">');
		const shown = async (client: ClientKeys) => {
			const xml = notification(payload(encrypted(CLEAR, client)));
			return showNotification(xml, (await openNotification(xml, [ROMEO, PHONE], NOW))!);
		};
		expect(await shown(ROMEO)).toBe(await shown(PHONE));
	});

	it.each<[string, (text: string) => string]>([
		["not base64", (text) => `${text.slice(0, -4)}!${text.slice(-3)}`],
		["base64 of URLs", (text) => Buffer.from(text, "base64").toString("base64url")],
		["cut off", (text) => Buffer.from(text, "base64").subarray(0, -1).toString("base64")],
		["nothing", () => ""],
		["a header alone", (text) => Buffer.from(text, "base64").subarray(0, 20).toString("base64")],
		["of a record that it fills", (text) => {
			const bytes = Buffer.from(text, "base64");
			bytes.writeUInt32BE(bytes.length - 86, 16);
			return bytes.toString("base64");
		}],
	])("stays closed where what is encrypted is %s", async (_, change) => {
		const text = encrypted(envelope(), PHONE);
		expect(await open(payload(change(text)))).toBeUndefined();
		expect(await open(payload(text))).toBeDefined();
	});

	it.each([
		["no XML", "Hello"], ["two elements", "<a/><b/>"], ["not well-formed", "<envelope xmlns='urn:xmpp:sce:1'>"],
		["of an undeclared prefix", "<a:b/>"], ["nothing", ""],
	])("stays closed where what was encrypted is %s", async (_, text) => {
		expect(await open(payload(encrypted(text, PHONE)))).toBeUndefined();
	});

	it("is too large where RFC 8291 says so, whomever it is for", async () => {
		const sized = (bytes: number) => {
			const text = envelope({ body: "" });
			return payload(encrypted(envelope({ body: "x".repeat(bytes - text.length - 86 - 17) }), PHONE));
		};
		expect((await open(sized(4096)))?.envelope).toContain("xxx");
		expect(await open(sized(4097))).toEqual({ too_large: 4097 });
		expect(await open(sized(4097), [])).toEqual({ too_large: 4097 });
		const xml = notification(sized(4097));
		expect(showNotification(xml, { too_large: 4097 })).toContain("<payload>4097 bytes: RFC 8291 allows 4096</payload>");
	});

	it("has a token that says what it claims while it is good", async () => {
		const good = await token({ ...CLAIMS, iat: NOW, exp: NOW + 12 * HOUR }, PHONE);
		expect(await claims(good)).toEqual(CLAIMS);
		expect(await claims(await token({ ...CLAIMS, exp: NOW + 24 * HOUR }, PHONE))).toEqual(CLAIMS);
	});

	it.each([
		[{}, "missing required \"exp\" claim"], [{ exp: NOW }, "\"exp\" claim timestamp check failed"],
		[{ exp: NOW + 24 * HOUR + 1 }, "\"exp\" claim is more than 24 hours ahead"], [{ exp: "1" }, "\"exp\" claim must be a number"],
		[{ exp: NOW + HOUR, iat: NOW + 2 }, "\"iat\" claim is in the future"],
		[{ exp: NOW + HOUR, nbf: NOW + 1 }, "\"nbf\" claim timestamp check failed"],
	])("says what is wrong with a token that claims %j", async (life, wrong) => {
		const text = jwt(await token({ ...CLAIMS, ...life }, PHONE), PHONE);
		expect(await open(text)).toEqual({ reader: "Juliet's phone", bad_jwt: wrong });
		const { entries: [entry] } = await recording(text);
		expect(entryLines(entry!, String).find((line) => line.includes("<jwt"))).toMatch(new RegExp(`^ *<jwt key="[^"]+">${wrong}</jwt>$`));
	});

	it("has nothing to say of a bad token that somebody else signed", async () => {
		expect(await open(jwt(await token(CLAIMS, ROMEO), PHONE))).toBeUndefined();
	});

	it("has no token that somebody else signed, or whose key is another", async () => {
		const of = (signer: ClientKeys) => token({ ...CLAIMS, exp: NOW + HOUR }, signer);
		expect(await claims(await of(ROMEO))).toBeUndefined();
		expect(await claims(await of(PHONE), ROMEO)).toBeUndefined();
		expect(await claims(await of(PHONE), PHONE, [ROMEO])).toBeUndefined();
		expect(await claims(`${(await of(PHONE)).slice(0, -4)}AAAA`)).toBeUndefined();
		expect(await claims("a.b.c")).toBeUndefined();
		expect(await claims("")).toBeUndefined();
		const [, body] = (await of(PHONE)).split(".");
		const header = Buffer.from('{"alg":"none"}').toString("base64url");
		expect(await claims(`${header}.${body}.`)).toBeUndefined();
	});

	it("has no token of another client than it is for", async () => {
		const text = payload(encrypted(envelope(), PHONE));
		const signed = async (signer: ClientKeys) => jwt(await token({ ...CLAIMS, exp: NOW + HOUR }, signer), signer);
		expect((await open(text + await signed(PHONE)))?.jwt).toEqual(CLAIMS);
		expect((await open(text + await signed(ROMEO)))?.jwt).toBeUndefined();
	});

	it("is shown with what it says in the clear", async () => {
		const xml = notification(payload(encrypted("<envelope xmlns='urn:xmpp:sce:1'><content/></envelope>", PHONE))
			+ jwt(await token({ sub: "a<b", n: 1, aud: "u", exp: NOW + 1 }, PHONE), PHONE));
		const shown = showNotification(xml, (await openNotification(xml, [PHONE], NOW))!);
		expect(shown).toBe("<message from=\"localhost\" to=\"push.localhost\" id=\"1\"><notification xmlns=\"urn:xmpp:push2:0\">"
			+ "<client>c1</client><priority>normal</priority><encrypted xmlns=\"urn:xmpp:sce:rfc8291:0\"><payload>"
			+ "<envelope xmlns=\"urn:xmpp:sce:1\"><content/></envelope></payload></encrypted><jwt><claim name=\"aud\">u</claim>"
			+ "<claim name=\"n\">1</claim><claim name=\"sub\">a&lt;b</claim></jwt></notification></message>");
	});

	it("is in a trace what it says, at its time", async () => {
		const text = jwt(await token({ ...CLAIMS, exp: NOW + HOUR }, PHONE), PHONE);
		const entry = (at: number): TraceEntry => {
			return { at, kind: "stanza", to: "push.localhost", from: "localhost", xml: notification(text) };
		};
		const reply: TraceEntry = { at: 0, kind: "reply", to: "Romeo", xml: notification(text) };
		const [first, late, other] = await withNotifications([entry(0), entry(HOUR), reply], [PHONE], NOW);
		expect(first).toEqual({ ...entry(0), payload: { reader: "Juliet's phone", jwt: CLAIMS } });
		expect(late).toEqual({ ...entry(HOUR), payload: { reader: "Juliet's phone", bad_jwt: "\"exp\" claim timestamp check failed" } });
		expect(other).toEqual(reply);
	});

	it("is compared by what it says, not by what is random about it", async () => {
		const life = { exp: NOW + HOUR };
		const inner = async (options = {}, more = {}) => payload(encrypted(envelope(options), PHONE))
			+ jwt(await token({ ...CLAIMS, ...life, ...more }, PHONE), PHONE);
		const said = await recording(await inner());
		const same = await recording(await inner({ id: "another", more: "" }, { exp: NOW + 2 * HOUR, iat: NOW }), "push-b");
		expect(compare(said, same, { wire: false })).toEqual([]);
		expect(compare(said, same, { wire: true })).toEqual([]);
		for (const other of [await inner({ body: "Bye" }), await inner({}, { aud: "https://other.example" }),
			payload(encrypted(envelope(), ROMEO)), payload(encrypted(envelope(), PHONE))]) {
			expect(compare(said, await recording(other), { wire: false })).toHaveLength(1);
			expect(compare(said, await recording(other), { wire: true })).toHaveLength(1);
		}
	});

	it("is compared by the time at which it went out, save on the wire", async () => {
		const delayed = (stamp: string) => recording(payload(encrypted(
			envelope({ more: `<delay xmlns='urn:xmpp:delay' stamp='${stamp}'/>` }), PHONE)));
		const [left, right] = [await delayed("2023-11-14T22:13:20Z"), await delayed("2023-11-14T22:13:21Z")];
		expect(compare(left, right, { wire: false })).toHaveLength(1);
		expect(compare(left, right, { wire: true })).toEqual([]);
	});

	it("is laid out as a stanza", async () => {
		const { entries: [entry] } = await recording(payload(encrypted(envelope(), PHONE)));
		expect(entryLines(entry!, (text) => text).slice(3, 9)).toEqual([
			"    <priority>normal</priority>",
			"    <encrypted xmlns=\"urn:xmpp:sce:rfc8291:0\">",
			"      <payload>",
			"        <envelope xmlns=\"urn:xmpp:sce:1\">",
			"          <content>",
			"            <forwarded xmlns=\"urn:xmpp:forward:0\">",
		]);
	});
});
