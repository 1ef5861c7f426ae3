import { createECDH } from "node:crypto";
import { escapeXML } from "ltx";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WebPushRegistration } from "../../../bridge/api";
import { HOST_NAMES } from "../../server/world";
import { HOSTILE_NAMES } from "../../node/machine";
import { AUTH, ENDPOINT, identifierOf, P256DH, said, SERVER_KEY, Subscribing } from "./subscribing";

const XMLNS = "urn:xmpp:webpush:0";

/** Characters that XML can have (XML 1.0, 2.2). */
const character = fc.oneof(
	fc.constantFrom(..."<>&'\"\t ]@/.:=+-_%?#0159aZ", "ä", "\u0085", "\u202e", "\u2028", "漢", "😀", "\ufffd"),
	fc.integer({ min: 0x20, max: 0x10ffff }).filter((code) => (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff)
		.map((code) => String.fromCodePoint(code)),
);
const anything = fc.oneof(
	fc.string({ unit: character, maxLength: 12 }),
	fc.constantFrom(...HOSTILE_NAMES),
	fc.tuple(fc.string({ unit: character, minLength: 1, maxLength: 2 }), fc.integer({ min: 100, max: 3000 }))
		.map(([piece, count]) => piece.repeat(count)),
);
/** Mostly what is meant to be there, lest nothing is ever registered. */
const mostly = (good: readonly string[], bad: readonly string[]): fc.Arbitrary<string> => fc.oneof(
	{ weight: 20, arbitrary: fc.constantFrom(...good) },
	{ weight: 1, arbitrary: fc.constantFrom(...bad) },
	{ weight: 1, arbitrary: anything },
);
const path = fc.string({ unit: character, maxLength: 8 });
const endpoint = fc.oneof(
	{ weight: 4, arbitrary: mostly([ENDPOINT, "https://push.services.org/b", "https://push.services.org:443/c?d=e"],
		["http://push.services.org/b", "https://[::1]/", "https://push.services.org@127.0.0.1/", "https://0x7f.1/"]) },
	{ weight: 1, arbitrary: path.map((path) => `https://push.services.org/${path}`) },
);

type Markup = fc.Arbitrary<string>;
const element = (name: string, text: fc.Arbitrary<string>): Markup => fc.oneof(
	{ weight: 30, arbitrary: text.map((text) => `<${name}>${escapeXML(text)}</${name}>`) },
	{ weight: 1, arbitrary: text.map((text) => `<${name}>${escapeXML(text)}</${name}>`.repeat(2)) },
	{ weight: 1, arbitrary: fc.constantFrom("", `<${name}/>`, `<${name}><x/></${name}>`, `<${name} xmlns="urn:example">x</${name}>`) },
);
const request = fc.tuple(
	element("endpoint", endpoint),
	element("auth", mostly([AUTH, Buffer.from(AUTH, "base64url").toString("base64")], [P256DH, AUTH.slice(1), "===="])),
	element("p256dh", mostly([P256DH], [AUTH, P256DH.slice(2), P256DH.replace(/.$/, "")])),
	fc.constantFrom("", "", "<x/>", "text", '<endpoint xmlns="urn:example"/>'),
).chain((parts) => fc.shuffledSubarray(parts, { minLength: 4 }))
	.map((parts) => `<enable xmlns="${XMLNS}">${parts.join("")}</enable>`);

// What a registration must be like, told without what reads it.

function expectUsable(identifier: string, registration: WebPushRegistration): void {
	expect(Object.keys(registration).sort()).toEqual(["auth", "endpoint", "p256dh", "resource", "server_key", "timestamp"]);
	expect(identifier).toBe(identifierOf(registration.endpoint));
	expect(Buffer.byteLength(registration.endpoint)).toBeLessThanOrEqual(2048);
	const url = new URL(registration.endpoint);
	expect([url.protocol, url.host, url.username, url.password, url.hash]).toEqual(["https:", "push.services.org", "", "", ""]);
	expect(registration.endpoint).toMatch(/^https:\/\/push\.services\.org\/[!-~]*$/);
	expect(Buffer.from(registration.auth, "base64")).toHaveLength(16);
	const ecdh = createECDH("prime256v1");
	ecdh.generateKeys();
	expect(ecdh.computeSecret(Buffer.from(registration.p256dh, "base64"))).toHaveLength(32);
	expect(registration.server_key).toBe(SERVER_KEY);
}

const ANSWERS = /^(?:result|modify bad-request: .+)$/;
const RUNS = { node: 1000, fengari: 80 };

describe.each(HOST_NAMES)("any registration of mod_web_push on %s", (host) => {
	it("is stored if all of it is valid, and else refused with a reason", () => {
		const set = new Subscribing(host, { config: { c2s_stanza_size_limit: "10000000" } });
		const outcomes = { result: 0, refused: 0 };
		fc.assert(fc.property(request, (xml) => {
			const before = set.stored();
			const answers = set.request(xml).map(said);
			expect(answers).toHaveLength(1);
			const [answer] = answers as [string];
			expect(answer).toMatch(ANSWERS);
			const after = set.stored();
			if (answer === "result") {
				outcomes.result++;
				expect(Object.keys(after).length).toBeLessThanOrEqual(5);
				for (const [identifier, registration] of Object.entries(after)) expectUsable(identifier, registration);
				expect(after[set.phone.session().web_push_identifier!]).toBeDefined();
			} else {
				outcomes.refused++;
				expect(after).toEqual(before);
			}
			expect(set.world.errors()).toEqual([]);
		}), { numRuns: RUNS[host], seed: 6 });
		// What is drawn is neither always refused nor always taken.
		expect(outcomes.result).toBeGreaterThan(RUNS[host] / 8);
		expect(outcomes.refused).toBeGreaterThan(RUNS[host] / 8);
	}, 120_000);

	it("is answered once and breaks nothing, whatever elements there are", () => {
		const set = new Subscribing(host, { config: { c2s_stanza_size_limit: "10000000" } });
		const tree = fc.letrec<{ tree: string }>((tie) => ({
			tree: fc.tuple(
				fc.constantFrom("endpoint", "auth", "p256dh", "x"),
				fc.option(fc.constantFrom(XMLNS, "urn:example")),
				fc.array(fc.oneof({ depthSize: "small" }, endpoint.map(escapeXML), anything.map(escapeXML), tie("tree")), { maxLength: 4 }),
			).map(([name, xmlns, content]) => `<${name}${xmlns === null ? "" : ` xmlns="${xmlns}"`}>${content.join("")}</${name}>`),
		})).tree;
		fc.assert(fc.property(fc.constantFrom("enable", "disable"), fc.array(tree, { maxLength: 6 }), (name, parts) => {
			const answers = set.request(`<${name} xmlns="${XMLNS}">${parts.join("")}</${name}>`).map(said);
			expect(answers).toEqual([expect.stringMatching(ANSWERS)]);
			for (const [identifier, registration] of Object.entries(set.stored())) expectUsable(identifier, registration);
			expect(set.world.errors()).toEqual([]);
		}), { numRuns: RUNS[host], seed: 7 });
	}, 120_000);
});
