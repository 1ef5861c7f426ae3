import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createMemoryDisk } from "../../../bridge/node";
import { child, HOST_NAMES, START } from "../../server/world";
import {
	AUTH_SECRET, ENCRYPTED, JWT_KEY, MATCH_ALL, NOTIFY_ONLY, Registering, UA_PUBLIC, enable, encryptedContent, match, send,
} from "./registrations";

const PREFIX = "urn:xmpp:push2:match:";
const UNUSABLE = "cancel feature-not-implemented: No usable match. Here, match profiles are urn:xmpp:push2:match:all, "
	+ "urn:xmpp:push2:match:important, urn:xmpp:push2:match:archived, urn:xmpp:push2:match:archived-with-body; "
	+ "send profiles are urn:xmpp:push2:send:notify-only:0";
const TOO_MUCH = "modify policy-violation: ";
const MALFORMED = "modify bad-request: ";
const NO_JID = "modify jid-malformed: ";

const disable = '<disable xmlns="urn:xmpp:push2:0"/>';
const encrypted = (changed: Record<string, string> = {}): string => match(MATCH_ALL, send(ENCRYPTED, encryptedContent(changed)));
const filter = (attributes: string, content = ""): string => `<filter ${attributes}>${content}</filter>`;
const times = (count: number, piece: (at: number) => string): string => Array.from({ length: count }, (_, at) => piece(at)).join("");
const claim = (name: string, value: string): string => `<jwt-claim name="${name}">${value}</jwt-claim>`;
const BIDI = "\u202e";
const ISOLATE = "\u2066";
const C1 = "\u0085";

const pkcs8 = (key: { export(options: { format: "der"; type: "pkcs8" }): Buffer }): string =>
	key.export({ format: "der", type: "pkcs8" }).toString("base64");
const P384_KEY = pkcs8(generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey);
const RSA_KEY = pkcs8(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
const ED25519_KEY = pkcs8(generateKeyPairSync("ed25519").privateKey);
const OFF_CURVE = (() => {
	const point = Buffer.from(UA_PUBLIC, "base64");
	point[64]! ^= 1;
	return point.toString("base64");
})();

describe.each(HOST_NAMES)("registrations of mod_push2 on %s", (host) => {
	describe("what is stored", () => {
		it("is what upstream stores", () => {
			const set = new Registering(host);
			expect(set.ask(enable(
				match(`${PREFIX}important`, `<grace>144</grace>${
					filter('jid="Room@Chat.Localhost"', "<mention/><reply/>")}${filter('jid="nurse@localhost"')}${
					send(ENCRYPTED, encryptedContent())}`)
				+ match(`${PREFIX}archived`),
			))).toBe("result");
			expect(set.stored()).toEqual({
				phone: {
					service: "push.localhost",
					client: "c1",
					timestamp: START,
					matches: [
						{
							match: `${PREFIX}important`,
							chats: { "room@chat.localhost": { mention: true, reply: true }, "nurse@localhost": {} },
							grace: 144,
							send: ENCRYPTED,
							ua_public: UA_PUBLIC,
							auth_secret: AUTH_SECRET,
							jwt_alg: "ES256",
							jwt_key: JWT_KEY,
							jwt_claims: { aud: "https://push.example" },
						},
						{ match: `${PREFIX}archived`, chats: {}, send: NOTIFY_ONLY },
					],
				},
			});
		});

		it("has an entry for each send of a match", () => {
			const set = new Registering(host);
			expect(set.ask(enable(match(MATCH_ALL,
				`${filter('jid="a@localhost"', "<reply/>")}${send()}${send(ENCRYPTED, encryptedContent())}`)))).toBe("result");
			expect(set.stored().phone!.matches.map(({ match, send, chats }) => ({ match, send, chats }))).toEqual([
				{ match: MATCH_ALL, send: NOTIFY_ONLY, chats: { "a@localhost": { reply: true } } },
				{ match: MATCH_ALL, send: ENCRYPTED, chats: { "a@localhost": { reply: true } } },
			]);
		});

		it("goes by the client's id, and by the resource where there is none", () => {
			const set = new Registering(host);
			const tablet = set.world.phone("juliet@localhost/tablet", { sasl2: true, client_id: "d4565fa7" });
			set.ask(enable());
			set.ask(enable(), tablet);
			expect(Object.keys(set.stored()).sort()).toEqual(["d4565fa7", "phone"]);
			expect(tablet.session()).toMatchObject({
				push_registration_id: "d4565fa7", push_registration: { service: "push.localhost", client: "c1" },
			});
		});

		it.each(["__proto__", "constructor"])("goes by the resource '%s', too", (resource) => {
			const set = new Registering(host);
			const phone = set.world.phone(`juliet@localhost/${resource}`);
			expect(set.ask(enable(), phone)).toBe("result");
			expect(Object.keys(set.stored())).toEqual([resource]);
			expect(set.ask(disable, phone)).toBe("result");
			expect(set.stored()).toEqual({});
		});

		it("has the service's JID as its answers come from it", () => {
			const set = new Registering(host);
			expect(set.ask(enable(match(), "<service>Pusher@Push.Localhost./X</service>"))).toBe("result");
			expect(set.stored().phone!.service).toBe("pusher@push.localhost/X");
		});

		it.each(["__proto__", "constructor", "toString", "condition", "refusal"])("may be named '%s' by the client", (name) => {
			const set = new Registering(host);
			const claimed = name.replace(/^_+/, "");
			const content = send(ENCRYPTED, encryptedContent({ "jwt-claim": claim(claimed, "x") }));
			expect(set.ask(enable(match(MATCH_ALL, `${filter(`jid="${name}.localhost/${name}"`)}${filter(`jid="${name}"`)}${content}`)))).toBe("result");
			const [stored] = set.stored().phone!.matches;
			expect(Object.entries(stored!.jwt_claims!)).toEqual([[claimed, "x"]]);
			expect(Object.keys(stored!.chats!).sort()).toEqual([name.toLowerCase(), `${name.toLowerCase()}.localhost/${name}`].sort());
			const { matches } = set.registrations.get("juliet", "phone")!;
			expect(matches[0]!.chats!["valueOf"]).toBeUndefined();
			expect(matches[0]!.chats!["hasownproperty"]).toBeUndefined();
			expect(matches[0]!.jwt_claims!["valueOf"]).toBeUndefined();
		});

		it("is less than was sent where there is to be no token", () => {
			const set = new Registering(host);
			expect(set.ask(enable(encrypted({ "jwt-alg": "", "jwt-key": "<jwt-key>?</jwt-key>", "jwt-claim": "<jwt-claim/>" })))).toBe("result");
			expect(set.stored().phone!.matches).toEqual([{
				match: MATCH_ALL, chats: {}, send: ENCRYPTED, ua_public: UA_PUBLIC, auth_secret: AUTH_SECRET, jwt_claims: {},
			}]);
		});
	});

	describe("what is passed over where something else is usable", () => {
		const unknown = 'urn:example:match';
		it.each([
			["an unknown match profile", match(unknown) + match()],
			["an unknown match profile with errors in it", match(unknown, `<filter/><grace>x</grace>${send(ENCRYPTED)}`) + match()],
			["a match with an unknown send profile", match(MATCH_ALL, send("urn:example:send")) + match()],
			["a match without a send", match(MATCH_ALL, "") + match()],
			["an unknown send profile", match(MATCH_ALL, send("urn:example:send") + send())],
			["a send profile without a namespace of its own", match(MATCH_ALL, `<send/>${send()}`)],
			["what is no match", `<match xmlns="urn:example"/><other/>${match()}`],
		])("%s", (_, content) => {
			const set = new Registering(host);
			expect(set.ask(enable(content))).toBe("result");
			expect(set.stored().phone!.matches).toEqual([{ match: MATCH_ALL, chats: {}, send: NOTIFY_ONLY }]);
		});

		it("the encrypted profile where nothing can be encrypted", () => {
			const set = new Registering(host, { crypto: false });
			expect(set.ask(enable(match(MATCH_ALL, send(ENCRYPTED, "<ua-public/>") + send())))).toBe("result");
			expect(set.stored().phone!.matches).toEqual([{ match: MATCH_ALL, chats: {}, send: NOTIFY_ONLY }]);
			expect(set.ask(enable(encrypted()))).toBe(UNUSABLE);
		});
	});

	describe("what is refused", () => {
		const long = (bytes: number): string => "ä".repeat(bytes / 2);
		it.each<[string, string, string]>([
			["no service", enable(match(), ""), `${MALFORMED}Missing service`],
			["a service that is an element", enable(match(), "<service><x/></service>"), `${MALFORMED}Missing service`],
			["a service in another namespace", enable(match(), "<service xmlns='x'>push.localhost</service>"), `${MALFORMED}Missing service`],
			["an empty service", enable(match(), "<service/>"), `${NO_JID}service is not a JID`],
			["a service that is no JID", enable(match(), "<service>@</service>"), `${NO_JID}service is not a JID`],
			["a service that looks like another", enable(match(), `<service>push.localhost/${BIDI}x</service>`), `${NO_JID}service is not a JID`],
			["a service with an isolate", enable(match(), `<service>push.localhost/${ISOLATE}x</service>`), `${NO_JID}service is not a JID`],
			["a huge service", enable(match(), `<service>push.localhost/${long(100_000)}</service>`), `${NO_JID}service is not a JID`],
			["the own full JID as service", enable(match(), "<service>juliet@localhost/phone</service>"), `${MALFORMED}JID must be different from ours`],
			["the own bare JID as service", enable(match(), "<service>Juliet@LOCALHOST</service>"), `${MALFORMED}JID must be different from ours`],
			["no client", enable(match(), undefined, ""), `${MALFORMED}Missing client`],
			["an empty client", enable(match(), undefined, "<client/>"), `${MALFORMED}Missing client`],
			["a client that is an element", enable(match(), undefined, "<client><x/></client>"), `${MALFORMED}Missing client`],
			["a huge client", enable(match(), undefined, `<client>${long(2050)}</client>`), `${TOO_MUCH}client of more than 2048 bytes`],
			["a client with an end of line", enable(match(), undefined, "<client>a\nb</client>"), `${MALFORMED}Control characters in client`],
			["a client with a control character", enable(match(), undefined, `<client>a${C1}b</client>`), `${MALFORMED}Control characters in client`],
			["a client that looks like another", enable(match(), undefined, `<client>a${BIDI}b</client>`), `${MALFORMED}Control characters in client`],
			["no match", enable(""), `${UNUSABLE}, ${ENCRYPTED}`],
			["a match of no profile", enable(match() + `<match>${send()}</match>`), `${MALFORMED}match without a profile`],
			["unknown match profiles only", enable(match("urn:example")), `${UNUSABLE}, ${ENCRYPTED}`],
			["unknown send profiles only", enable(match(MATCH_ALL, send("urn:example"))), `${UNUSABLE}, ${ENCRYPTED}`],
			["no send", enable(match(MATCH_ALL, "")), `${UNUSABLE}, ${ENCRYPTED}`],
			["one send profile twice in a match", enable(match(MATCH_ALL, send() + send())), `${MALFORMED}send of one profile twice in a match`],
			["17 matches", enable(times(17, () => match())), `${TOO_MUCH}More than 16 match elements`],
			["17 sends", enable(times(9, () => match(MATCH_ALL, send("urn:example") + send()))), `${TOO_MUCH}More than 16 send elements`],
			["17 unknown sends", enable(match("urn:example", times(17, (at) => send(`urn:example:${at}`)))), `${TOO_MUCH}More than 16 send elements`],
			["a filter without a jid", enable(match(MATCH_ALL, `<filter/>${send()}`)), `${MALFORMED}filter without a jid`],
			["a filter whose jid is none", enable(match(MATCH_ALL, `${filter('jid="@"')}${send()}`)), `${NO_JID}filter whose jid is none`],
			["a filter whose jid is empty", enable(match(MATCH_ALL, `${filter('jid=""')}${send()}`)), `${NO_JID}filter whose jid is none`],
			["a filter whose jid looks like another", enable(match(MATCH_ALL, `${filter(`jid="a.localhost/${ISOLATE}"`)}${send()}`)), `${NO_JID}filter whose jid is none`],
			["a filter whose jid is huge", enable(match(MATCH_ALL, `${filter(`jid="a/${long(4000)}"`)}${send()}`)), `${NO_JID}filter whose jid is none`],
			["two filters for one jid", enable(match(MATCH_ALL, `${filter('jid="a.localhost"')}${filter('jid="A.localhost"', "<reply/>")}${send()}`)), `${MALFORMED}Two filter elements for one jid`],
			["1,001 filters", enable(match(MATCH_ALL, `${times(1001, (at) => filter(`jid="a${at}"`))}${send()}`)), `${TOO_MUCH}More than 1000 filter elements`],
			["1,001 filters in all", enable(times(3, (at) => match(MATCH_ALL, `${times(at === 0 ? 333 : 334, (at) => filter(`jid="a${at}"`))}${send()}`))),
				`${TOO_MUCH}More than 1000 filter elements`],
			["1,001 filters of unknown matches", enable(match() + match("urn:example", times(1001, () => "<filter/>"))),
				`${TOO_MUCH}More than 1000 filter elements`],
			...["", "x", "-1", "1.5", "1e3", "0x10", " 60", "86401", "100000", "９", "<x/>"].map((grace): [string, string, string] => [
				`the grace '${grace}'`, enable(match(MATCH_ALL, `<grace>${grace}</grace>${send()}`)),
				`${MALFORMED}grace is not a whole number of seconds up to 86400`,
			]),
		])("%s", (_, request, answer) => {
			const set = new Registering(host);
			expect(set.ask(request)).toBe(answer);
			expect(set.stored()).toEqual({});
			expect(set.phone.session().push_registration_id).toBeUndefined();
			expect(set.world.errors()).toEqual([]);
		});

		it.each<[string, Record<string, string>, string]>([
			["no ua-public", { "ua-public": "" }, `${MALFORMED}ua-public is not an uncompressed point on P-256 in base64`],
			["a ua-public off the curve", { "ua-public": `<ua-public>${OFF_CURVE}</ua-public>` },
				`${MALFORMED}ua-public is not an uncompressed point on P-256 in base64`],
			["a huge ua-public", { "ua-public": `<ua-public>${"A".repeat(200_000)}</ua-public>` },
				`${MALFORMED}ua-public is not an uncompressed point on P-256 in base64`],
			["no auth-secret", { "auth-secret": "" }, `${MALFORMED}auth-secret is not 16 bytes in base64`],
			["an auth-secret of 15 bytes", { "auth-secret": `<auth-secret>${Buffer.alloc(15).toString("base64")}</auth-secret>` },
				`${MALFORMED}auth-secret is not 16 bytes in base64`],
			["an auth-secret of 17 bytes", { "auth-secret": `<auth-secret>${Buffer.alloc(17).toString("base64")}</auth-secret>` },
				`${MALFORMED}auth-secret is not 16 bytes in base64`],
			...["HS256", "none", "es256", "", "ES256 ", "<x/>"].map((alg): [string, Record<string, string>, string] => [
				`the jwt-alg '${alg}'`, { "jwt-alg": `<jwt-alg>${alg}</jwt-alg>` },
				"cancel feature-not-implemented: jwt-alg other than ES256",
			]),
			["no jwt-key", { "jwt-key": "" }, `${MALFORMED}jwt-alg without jwt-key`],
			...[["P-384", P384_KEY], ["RSA", RSA_KEY], ["Ed25519", ED25519_KEY], ["nothing", ""], ["a public key", UA_PUBLIC]].map(
				([kind, key]): [string, Record<string, string>, string] => [
					`a jwt-key of ${kind}`, { "jwt-key": `<jwt-key>${key}</jwt-key>` },
					`${MALFORMED}jwt-key is not a private key on P-256 in PKCS #8`,
				],
			),
			["a claim without a name", { "jwt-claim": "<jwt-claim>x</jwt-claim>" }, `${MALFORMED}jwt-claim without a name`],
			["a claim with an empty name", { "jwt-claim": claim("", "x") }, `${MALFORMED}jwt-claim without a name`],
			...["1", "__array", "__hash", "__proto__"].map((name): [string, Record<string, string>, string] => [
				`a claim named ${name}`, { "jwt-claim": claim(name, "x") },
				`${MALFORMED}jwt-claim whose name does not begin with a letter`,
			]),
			["a claim that is no text", { "jwt-claim": claim("aud", "<x/>") }, `${MALFORMED}jwt-claim that is not text`],
			["a claim twice", { "jwt-claim": claim("aud", "") + claim("aud", "x") }, `${MALFORMED}jwt-claim given twice`],
			["a claim with a control character", { "jwt-claim": claim("aud", `x${C1}`) }, `${MALFORMED}Control characters in a jwt-claim`],
			["a claim whose name has controls of direction", { "jwt-claim": claim(`a${BIDI}ud`, "x") }, `${MALFORMED}Control characters in a jwt-claim`],
			["17 claims", { "jwt-claim": times(17, (at) => claim(`c${at}`, "x")) }, `${TOO_MUCH}More than 16 jwt-claim elements`],
			["2,049 bytes of claims", { "jwt-claim": claim("aud", long(2046)) }, `${TOO_MUCH}More than 2048 bytes of jwt-claim names and values`],
			["2,049 bytes of names of claims", { "jwt-claim": claim(long(2048), "x") }, `${TOO_MUCH}More than 2048 bytes of jwt-claim names and values`],
		])("an encrypted send with %s, even beside another match", (_, changed, answer) => {
			const set = new Registering(host);
			expect(set.ask(enable(match() + encrypted(changed)))).toBe(answer);
			expect(set.stored()).toEqual({});
			expect(set.world.errors()).toEqual([]);
		});

		it.each([
			["a client of 2,048 bytes", enable(match(), undefined, `<client>${long(2048)}</client>`)],
			["16 matches", enable(times(16, () => match()))],
			["1,000 filters", enable(match(MATCH_ALL, `${times(1000, (at) => filter(`jid="a${at}"`))}${send()}`))],
			["1,000 filters in all", enable(times(10, () => match(MATCH_ALL, `${times(100, (at) => filter(`jid="a${at}"`))}${send()}`)))],
			["no grace at all", enable(match(MATCH_ALL, `<grace>0</grace>${send()}`))],
			["a day of grace", enable(match(MATCH_ALL, `<grace>86400</grace>${send()}`))],
			["16 claims", enable(encrypted({ "jwt-claim": times(16, (at) => claim(`c${at}`, "x")) }))],
			["2,048 bytes of claims", enable(encrypted({ "jwt-claim": claim("au", long(2046)) }))],
			["keys in lines", enable(encrypted({ "jwt-key": `<jwt-key>\n${JWT_KEY.replace(/.{64}/g, "$&\n")}\n</jwt-key>` }))],
			["keys in base64url", enable(encrypted({ "ua-public": `<ua-public>${Buffer.from(UA_PUBLIC, "base64").toString("base64url")}</ua-public>` }))],
		])("but not %s", (_, request) => {
			expect(new Registering(host).ask(request)).toBe("result");
		});
	});

	describe("what a hostile request costs", () => {
		const config = { c2s_stanza_size_limit: "10000000" };
		const wrong = encrypted({ "ua-public": `<ua-public>${OFF_CURVE}</ua-public>` });
		const many = (piece: (at: number) => string) => (count: number): string => times(count, piece);
		it.each<[string, (count: number) => string, Record<string, number>]>([
			["matches", (count) => enable(encrypted() + many(() => match())(count)), {}],
			["sends", (count) => enable(encrypted() + match(MATCH_ALL, many(() => send())(count))), {}],
			["filters", (count) => enable(encrypted() + match(MATCH_ALL, many((at) => filter(`jid="a${at}"`))(count) + send())), {}],
			["claims", (count) => enable(encrypted() + encrypted({ "jwt-claim": many((at) => claim(`c${at}`, "x"))(count) })),
				{ prep: 1, bare: 1 }],
			["bytes of claims", (count) => enable(encrypted() + encrypted({ "jwt-claim": claim("aud", "x".repeat(count * 500)) })),
				{ prep: 1, bare: 1 }],
			["bytes of client", (count) => enable(encrypted(), undefined, `<client>${"x".repeat(count * 500)}</client>`),
				{ prep: 1, bare: 1 }],
			["bytes of service", (count) => enable(encrypted(), `<service>${"x".repeat(count * 500)}</service>`), {}],
			["bytes of a filter's jid", (count) => enable(encrypted() + match(MATCH_ALL, filter(`jid="${"x".repeat(count * 500)}"`) + send())),
				{ prep: 1, bare: 1 }],
		])("is its reading and no more, however many %s there are, and no cryptography", (_, request, calls) => {
			for (const count of [1_001, 2_500]) {
				const set = new Registering(host, { config });
				expect(set.ask(request(count))).toMatch(/^modify /);
				expect(set.calls).toEqual(calls);
				expect(set.world.errors()).toEqual([]);
			}
		});

		it("is no cryptography where something else is wrong behind good keys", () => {
			const set = new Registering(host);
			expect(set.ask(enable(times(15, () => encrypted()) + encrypted({ "jwt-claim": "<jwt-claim/>" })))).toMatch(/^modify /);
			expect(set.calls).toEqual({ prep: 1, bare: 1 });
		});

		it("is no more keys than there may be sends, and none after one that is wrong", () => {
			const set = new Registering(host);
			expect(set.ask(enable(times(15, () => encrypted()) + wrong))).toMatch(/^modify bad-request: ua-public/);
			expect(set.calls).toMatchObject({ import_private_pem: 15, import_public_ec_raw: 31 });
			expect(set.ask(enable(wrong + times(15, () => encrypted())))).toMatch(/^modify bad-request: ua-public/);
			expect(set.calls).toMatchObject({ import_private_pem: 15, import_public_ec_raw: 32 });
		});

		it("is no name of any size or look for the registration", () => {
			const set = new Registering(host);
			for (const [client_id, answer] of [
				["x".repeat(1024), `${TOO_MUCH}Client id or resource of more than 1023 bytes`],
				[`a${BIDI}`, `${MALFORMED}Control characters in the client id or resource`],
			] as const) {
				const phone = set.world.phone("juliet@localhost/x", { sasl2: true, client_id });
				expect(set.ask(enable(), phone)).toBe(answer);
			}
			expect(set.stored()).toEqual({});
		});
	});

	describe("the store", () => {
		it("gets a registration in place of the client's last, which has ended", () => {
			const set = new Registering(host);
			set.ask(enable());
			expect(set.ended).toEqual([]);
			expect(set.ask(enable(match(`${PREFIX}important`)))).toBe("result");
			expect(set.ended).toEqual(["juliet phone"]);
			expect(set.stored().phone!.matches).toMatchObject([{ match: `${PREFIX}important` }]);
			expect(set.phone.session()).toMatchObject({
				push_registration_id: "phone", push_registration: { matches: [{ match: `${PREFIX}important` }] },
			});
		});

		it("keeps as many as push_max_devices says, and tells which have ended", () => {
			const set = new Registering(host, { config: { push_max_devices: "2" } });
			for (const resource of ["a", "b", "c"]) {
				expect(set.ask(enable(), set.world.phone(`juliet@localhost/${resource}`))).toBe("result");
				set.world.pass(1);
			}
			expect(Object.keys(set.stored()).sort()).toEqual(["b", "c"]);
			expect(set.ended).toEqual(["juliet a"]);
		});

		it("forgets a registration that is disabled, and only this", () => {
			const set = new Registering(host);
			const tablet = set.world.phone("juliet@localhost/tablet");
			set.ask(enable());
			set.ask(enable(), tablet);
			expect(set.ask(disable)).toBe("result");
			expect(Object.keys(set.stored())).toEqual(["tablet"]);
			expect(set.ended).toEqual(["juliet phone"]);
			expect(set.phone.session().push_registration_id).toBeUndefined();
			expect(tablet.session().push_registration_id).toBe("tablet");
		});

		it("has nothing to do where nothing was enabled", () => {
			const set = new Registering(host);
			expect(set.ask(disable)).toBe("result");
			set.ask(enable());
			expect(set.ask(disable)).toBe("result");
			expect(set.ask(disable)).toBe("result");
			expect(set.ended).toEqual(["juliet phone"]);
		});

		it("stays as it is where it cannot be written", () => {
			const disk = createMemoryDisk();
			let full = false;
			const set = new Registering(host, {
				disk: {
					...disk,
					write: (...args) => {
						if (full) throw new Error("no space left on device");
						disk.write(...args);
					},
				},
			});
			set.ask(enable());
			full = true;
			expect(set.ask(enable(match(`${PREFIX}important`)))).toBe("wait internal-server-error: ");
			expect(set.ask(disable)).toBe("wait internal-server-error: ");
			expect(set.ended).toEqual([]);
			expect(set.phone.session()).toMatchObject({ push_registration_id: "phone", push_registration: { matches: [{ match: MATCH_ALL }] } });
			expect(set.stored().phone!.matches).toMatchObject([{ match: MATCH_ALL }]);
			full = false;
			expect(set.ask(disable)).toBe("result");
		});

		it("stays as it is where it cannot be read", () => {
			const set = new Registering(host);
			set.world.machine.disk.write("localhost", "push2_registrations", "juliet", "return { torn");
			expect(set.ask(enable())).toBe("wait internal-server-error: ");
			expect(set.ask(disable)).toBe("wait internal-server-error: ");
			expect(set.world.machine.disk.read("localhost", "push2_registrations", "juliet")).toBe("return { torn");
		});
	});

	describe("in Bind 2", () => {
		const bind = (set: Registering, inline: string[], client_id?: string) => {
			const phone = set.world.phone("juliet@localhost/phone", { sasl2: true, client_id, inline });
			const success = phone.wire.find((xml) => xml.startsWith("<success"))!;
			return { phone, features: phone.wire[0]!, bound: /<bound .*<\/bound>|<bound [^>]*\/>/.exec(success)![0] };
		};
		const errors = "urn:ietf:params:xml:ns:xmpp-stanzas";

		it("is advertised, and registers in the same round trip", () => {
			const set = new Registering(host);
			const { phone, features, bound } = bind(set, [enable(encrypted())], "d4565fa7");
			expect(features).toMatch(/<feature var='urn:xmpp:push2:0'\/>/);
			expect(bound).toBe("<bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:push2:0'/></bound>");
			expect(set.stored()).toMatchObject({ d4565fa7: { service: "push.localhost" } });
			expect(phone.session()).toMatchObject({ push_registration_id: "d4565fa7", push_registration: { client: "c1" } });
		});

		it("goes by the resource where the client has no id", () => {
			const set = new Registering(host);
			const { phone } = bind(set, [enable()]);
			expect(Object.keys(set.stored())).toEqual([phone.session().resource]);
		});

		it("answers what is wrong, and binds all the same", () => {
			const set = new Registering(host);
			const { phone, bound } = bind(set, ['<enable xmlns="urn:xmpp:carbons:2"/>', enable(match(), "")]);
			expect(bound).toBe("<bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:carbons:2'/>"
				+ "<failed xmlns='urn:xmpp:push2:0'><error type='modify'>"
				+ `<bad-request xmlns='${errors}'/><text xmlns='${errors}'>Missing service</text></error></failed></bound>`);
			expect(set.stored()).toEqual({});
			expect(phone.session().push_registration_id).toBeUndefined();
		});

		it("knows the own JID before anything was sent from it", () => {
			const set = new Registering(host);
			expect(bind(set, [enable(match(), "<service>juliet@localhost</service>")]).bound).toMatch(/JID must be different/);
		});

		it("answers a store that fails", () => {
			const set = new Registering(host);
			set.world.machine.disk.write("localhost", "push2_registrations", "juliet", "return { torn");
			expect(bind(set, [enable()]).bound).toBe("<bound xmlns='urn:xmpp:bind:0'><failed xmlns='urn:xmpp:push2:0'>"
				+ `<error type='wait'><internal-server-error xmlns='${errors}'/></error></failed></bound>`);
		});

		it("has nothing to say to who does not ask", () => {
			expect(bind(new Registering(host), []).bound).not.toMatch("push2");
		});
	});

	describe("the log", () => {
		const lines = (set: Registering): string[] => set.world.log
			.filter(({ level, message }) => `${level} ${message}`.includes("Push notification")).map(({ level, message }) => `${level} ${message}`);

		it("says whose registration was made and ended", () => {
			const set = new Registering(host);
			const phone = set.world.phone("juliet@localhost/x", { sasl2: true, client_id: "d4565fa7" });
			const { full_jid } = phone.session();
			set.ask(enable(), phone);
			set.ask(disable, phone);
			expect(lines(set)).toEqual([
				`info Push notifications enabled for ${full_jid} ('d4565fa7') by push.localhost`,
				`info Push notifications disabled for ${full_jid} ('d4565fa7')`,
			]);
		});

		it("says once whose request was refused", () => {
			const set = new Registering(host);
			set.ask(enable(match(), ""));
			const refused = "debug Push notification request of juliet@localhost/phone refused:";
			expect(lines(set)).toEqual([`${refused} Missing service`]);
			set.world.machine.disk.write("localhost", "push2_registrations", "juliet", "return { torn");
			set.ask(disable);
			expect(lines(set)).toEqual([`${refused} Missing service`, `${refused} internal-server-error`]);
		});

		it("says whose request was refused in Bind 2", () => {
			const set = new Registering(host);
			const phone = set.world.phone("juliet@localhost/phone", { sasl2: true, inline: [enable(match(), "")] });
			expect(lines(set)).toEqual([`debug Push notification request of ${phone.session().full_jid} refused: Missing service`]);
		});
	});

	describe("discovery", () => {
		const features = (set: Registering): string[] => {
			set.phone.send('<iq type="get" id="d" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>');
			set.world.pass(0);
			const query = child(set.phone.take()[0], "query");
			return query!.getChildElements().map((feature) => feature.attrs.var ?? "").filter((name) => name.startsWith("urn:xmpp:push2:"));
		};
		const without_crypto = [
			"urn:xmpp:push2:0", MATCH_ALL, `${PREFIX}important`, `${PREFIX}archived`, `${PREFIX}archived-with-body`, NOTIFY_ONLY,
		];

		it("tells the protocol and every profile", () => {
			expect(features(new Registering(host))).toEqual([...without_crypto, ENCRYPTED]);
		});

		it("tells only what there is", () => {
			expect(features(new Registering(host, { crypto: false }))).toEqual(without_crypto);
		});
	});
});
