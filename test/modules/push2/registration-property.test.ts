import { createECDH, createPrivateKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeXML } from "ltx";
import type { Push2Match, Push2Registration } from "../../../bridge/api";
import { HOST_NAMES } from "../../server/world";
import { HOSTILE_NAMES } from "../../node/machine";
import { AUTH_SECRET, ENCRYPTED, JWT_KEY, MATCH_ALL, NOTIFY_ONLY, Registering, UA_PUBLIC, said } from "./registrations";

const PROFILES = ["all", "important", "archived", "archived-with-body"].map((name) => `urn:xmpp:push2:match:${name}`);
const P384_KEY = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");

/** Characters that XML can have (XML 1.0, 2.2). */
const character = fc.oneof(
	fc.constantFrom(..."<>&'\"\t ]@/.:=+-_0159aZ", "ä", "\u0085", "\u200e", "\u202e", "\u2066", "\u2028", "漢", "😀", "\ufffd"),
	fc.integer({ min: 0x20, max: 0x10ffff }).filter((code) => (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff)
		.map((code) => String.fromCodePoint(code)),
);
const anything = fc.oneof(
	fc.string({ unit: character, maxLength: 12 }),
	fc.constantFrom(...HOSTILE_NAMES),
	fc.tuple(fc.string({ unit: character, minLength: 1, maxLength: 2 }), fc.integer({ min: 100, max: 2000 }))
		.map(([piece, count]) => piece.repeat(count)),
);
/** Mostly what is meant to be there, lest nothing is ever registered. */
const mostly = (good: readonly string[], bad: readonly string[] = []): fc.Arbitrary<string> => fc.oneof(
	{ weight: 40, arbitrary: fc.constantFrom(...good) },
	{ weight: 1, arbitrary: fc.constantFrom(...good, ...bad) },
	{ weight: 1, arbitrary: anything },
);

type Markup = fc.Arbitrary<string>;

const attribute = (name: string, value: fc.Arbitrary<string>): Markup => fc.oneof(
	{ weight: 12, arbitrary: value.map((text) => ` ${name}="${escapeXML(text)}"`) },
	{ weight: 1, arbitrary: fc.constantFrom("", ` x${name}="1"`) },
);
const sometimes = (markup: Markup, weight: number): Markup => fc.oneof(
	{ weight, arbitrary: markup }, { weight: 1, arbitrary: fc.constantFrom("", "<x/>", "<x xmlns='urn:example'>y</x>") },
);
const element = (name: string, text: fc.Arbitrary<string>, weight = 12): Markup => sometimes(
	fc.oneof(
		{ weight: 20, arbitrary: text.map((text) => `<${name}>${escapeXML(text)}</${name}>`) },
		{ weight: 1, arbitrary: fc.constantFrom(`<${name}/>`, `<${name}><x/></${name}>`, `<${name} xmlns="urn:example">x</${name}>`) },
	), weight,
);
const several = (markup: Markup, most: number): Markup => fc.oneof(
	{ weight: 12, arbitrary: fc.array(markup, { maxLength: most }).map((parts) => parts.join("")) },
	{ weight: 1, arbitrary: fc.tuple(markup, fc.integer({ min: 2, max: 40 })).map(([part, count]) => part.repeat(count)) },
);
const sequence = (...parts: Markup[]): Markup => fc.tuple(...parts).map((texts) => texts.join(""));
const wrapped = (name: string, attributes: Markup, content: Markup): Markup =>
	fc.tuple(attributes, content).map(([attributes, content]) => `<${name}${attributes}>${content}</${name}>`);

const claim = wrapped("jwt-claim", attribute("name", mostly(["aud", "sub", "exp"], ["", ...HOSTILE_NAMES])), anything.map(escapeXML));
const keys = sequence(
	element("ua-public", mostly([UA_PUBLIC], [AUTH_SECRET, JWT_KEY]), 30),
	element("auth-secret", mostly([AUTH_SECRET], [UA_PUBLIC]), 30),
	element("jwt-alg", mostly(["ES256"], ["HS256", "none"])),
	element("jwt-key", mostly([JWT_KEY], [P384_KEY, UA_PUBLIC]), 30),
	several(claim, 3),
);
const send = fc.oneof(
	{ weight: 3, arbitrary: fc.constant(`<send xmlns="${NOTIFY_ONLY}"/>`) },
	{ weight: 3, arbitrary: keys.map((content) => `<send xmlns="${ENCRYPTED}">${content}</send>`) },
	{ weight: 1, arbitrary: wrapped("send", attribute("xmlns", mostly([NOTIFY_ONLY, ENCRYPTED])), keys) },
);
const filter = wrapped("filter", attribute("jid", mostly(["room@chat.localhost", "a.localhost", "B.localhost/x"], HOSTILE_NAMES)),
	several(fc.constantFrom("<mention/>", "<reply/>", "<x/>"), 2));
const match = wrapped("match", attribute("profile", mostly(PROFILES)), sequence(
	several(filter, 2), element("grace", mostly(["0", "60", "86400"], ["86401", "-1", "1.5"]), 1), send, sometimes(several(send, 1), 1),
));
const request = wrapped("enable", fc.constant(' xmlns="urn:xmpp:push2:0"'), sequence(
	element("service", mostly(["push.localhost", "pusher@push.localhost/x"], ["juliet@localhost", "@"]), 30),
	element("client", mostly(["c1", "https://push.example/x"]), 30),
	fc.array(match, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
	sometimes(several(match, 1), 1),
));

// What a registration must be like, told without what reads it.

const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const bytes = (text: string): number => Buffer.byteLength(text);

function expectText(text: string | undefined, most: number): void {
	expect(typeof text).toBe("string");
	expect(bytes(text!)).toBeLessThanOrEqual(most);
	expect(text).not.toMatch(CONTROLS);
}

function expectJid(jid: string): void {
	expectText(jid, 3071);
	expect(jid).toMatch(/^(?:[^@/]+@)?[^@/]+(?:\/.+)?$/u);
}

const MATCH_FIELDS = ["match", "chats", "grace", "send"];
const KEY_FIELDS = ["ua_public", "auth_secret", "jwt_alg", "jwt_key", "jwt_claims"];

function expectMatch(stored: Push2Match): void {
	expect(PROFILES).toContain(stored.match);
	for (const [jid, chat] of Object.entries(stored.chats!)) {
		expectJid(jid);
		for (const [name, value] of Object.entries(chat!)) {
			expect(["mention", "reply"]).toContain(name);
			expect(value).toBe(true);
		}
	}
	if (stored.grace !== undefined) {
		expect(Number.isInteger(stored.grace) && stored.grace >= 0 && stored.grace <= 86400).toBe(true);
	}
	const fields = Object.keys(stored);
	if (stored.send === NOTIFY_ONLY) {
		expect(MATCH_FIELDS).toEqual(expect.arrayContaining(fields));
		return;
	}
	expect(stored.send).toBe(ENCRYPTED);
	expect([...MATCH_FIELDS, ...KEY_FIELDS]).toEqual(expect.arrayContaining(fields));
	expect(Buffer.from(stored.auth_secret!, "base64")).toHaveLength(16);
	const point = Buffer.from(stored.ua_public!, "base64");
	expect(point).toHaveLength(65);
	const ecdh = createECDH("prime256v1");
	ecdh.generateKeys();
	expect(ecdh.computeSecret(point)).toHaveLength(32);
	if (stored.jwt_alg === undefined) {
		expect(stored).toMatchObject({ jwt_claims: {} });
		expect(fields).not.toContain("jwt_key");
		return;
	}
	expect(stored.jwt_alg).toBe("ES256");
	const key = createPrivateKey({ format: "der", type: "pkcs8", key: Buffer.from(stored.jwt_key!, "base64") });
	expect(key.asymmetricKeyDetails).toMatchObject({ namedCurve: "prime256v1" });
	let size = 0;
	for (const [name, value] of Object.entries(stored.jwt_claims!)) {
		expect(name).not.toBe("");
		expectText(name, 2048);
		expectText(value, 2048);
		size += bytes(name) + bytes(value!);
	}
	expect(size).toBeLessThanOrEqual(2048);
}

function expectRegistration(registration: Push2Registration): void {
	expect(Object.keys(registration).sort()).toEqual(["client", "matches", "service", "timestamp"]);
	expectJid(registration.service);
	expect(registration.service).not.toBe("juliet@localhost");
	expectText(registration.client, 2048);
	expect(registration.matches.length).toBeGreaterThan(0);
	expect(registration.matches.length).toBeLessThanOrEqual(16);
	registration.matches.forEach(expectMatch);
}

const ANSWERS = /^(?:result|modify (?:bad-request|jid-malformed|policy-violation): .+|cancel feature-not-implemented: .+)$/;
const RUNS = { node: 800, fengari: 60 };

describe.each(HOST_NAMES)("any registration of mod_push2 on %s", (host) => {
	it("is stored if all of it is valid, and else refused with a reason", () => {
		const set = new Registering(host, { config: { c2s_stanza_size_limit: "10000000" } });
		const outcomes = new Map<string, number>();
		fc.assert(fc.property(request, (xml) => {
			const before = set.stored();
			const answer = said(set.request(xml));
			const kind = answer.split(":")[0]!;
			outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
			expect(answer).toMatch(ANSWERS);
			expect(answer).not.toMatch(CONTROLS);
			const after = set.stored();
			if (answer === "result") expectRegistration(after.phone!);
			else expect(after).toEqual(before);
			expect(set.world.errors()).toEqual([]);
		}), { numRuns: RUNS[host], seed: 5 });
		// What is drawn is neither always refused nor always taken.
		expect(outcomes.get("result")).toBeGreaterThan(RUNS[host] / 8);
		expect([...outcomes.keys()].sort()).toEqual(expect.arrayContaining(["modify bad-request", "result"]));
		if (host === "node") {
			expect([...outcomes.keys()].sort()).toEqual([
				"cancel feature-not-implemented", "modify bad-request", "modify jid-malformed", "modify policy-violation", "result",
			]);
		}
	}, 120_000);

	it("is refused or taken, and nothing else happens, whatever elements there are", () => {
		const set = new Registering(host, { config: { c2s_stanza_size_limit: "10000000" } });
		const names = fc.constantFrom("service", "client", "match", "send", "filter", "grace", "jwt-claim", "x");
		const tree = fc.letrec<{ tree: string }>((tie) => ({
			tree: fc.tuple(
				names, fc.option(fc.constantFrom("urn:xmpp:push2:0", NOTIFY_ONLY, ENCRYPTED, "urn:example")),
				fc.option(fc.tuple(fc.constantFrom("profile", "jid", "name"), fc.oneof(anything, fc.constantFrom(MATCH_ALL)))),
				fc.array(fc.oneof({ depthSize: "small" }, anything.map(escapeXML), tie("tree")), { maxLength: 5 }),
			).map(([name, xmlns, attribute, content]) => {
				const attributes = (xmlns === null ? "" : ` xmlns="${xmlns}"`)
					+ (attribute === null ? "" : ` ${attribute[0]}="${escapeXML(attribute[1])}"`);
				return `<${name}${attributes}>${content.join("")}</${name}>`;
			}),
		})).tree;
		fc.assert(fc.property(fc.array(tree, { maxLength: 8 }), (parts) => {
			const answer = said(set.request(`<enable xmlns="urn:xmpp:push2:0">${parts.join("")}</enable>`));
			expect(answer).toMatch(ANSWERS);
			if (answer === "result") expectRegistration(set.stored().phone!);
			else expect(set.stored()).toEqual({});
			set.request('<disable xmlns="urn:xmpp:push2:0"/>');
			expect(set.world.errors()).toEqual([]);
		}), { numRuns: RUNS[host] / 2, seed: 6 });
	}, 120_000);
});
