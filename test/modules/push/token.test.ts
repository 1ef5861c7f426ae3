import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import type { CryptoLibrary, Push2Match, Require } from "../../../bridge/api";
import { HOST_NAMES } from "../../server/hosts";
import { HOSTILE_NAMES } from "../../node/machine";
import { createLab, START, type Lab } from "./lab";
import { token_maker, type Token, type TokenMaker } from "../../../modules/push/webpush/token";

const HOUR = 3600;
const CONTACT = "xmpp:localhost";

function generate(namedCurve = "P-256"): KeyObject {
	return generateKeyPairSync("ec", { namedCurve }).privateKey;
}

function lines(key: KeyObject): string {
	return (key.export({ format: "pem", type: "pkcs8" }) as string).split("\n").slice(1, -2).join("\n");
}

/** The public key that came with a token. */
function public_key({ key }: Token): KeyObject {
	const point = Buffer.from(key, "base64");
	expect([point.length, point[0]]).toEqual([65, 4]);
	const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((bytes) => bytes.toString("base64url"));
	return createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
}

async function verify(token: Token, now = START) {
	return jwtVerify(token.token, public_key(token), { algorithms: ["ES256"], currentDate: new Date(now * 1000) });
}

describe.each(HOST_NAMES)("tokens on %s", (host_name) => {
	const key = generate();

	function start(needed_for = HOUR): { lab: Lab; make: TokenMaker; match: (changed?: Partial<Push2Match>) => Push2Match } {
		const lab = createLab(host_name);
		const make = token_maker(lab.require, lab.require("util.crypto"), { contact_uri: CONTACT, needed_for });
		// As it comes out of a store.
		const match = (changed: Partial<Push2Match> = {}): Push2Match => lab.host.table({
			match: "m", send: "s", jwt_alg: "ES256", jwt_key: lines(key), ...changed,
			jwt_claims: lab.host.table({ aud: "https://push.example.com", ...changed.jwt_claims }),
		}) as unknown as Push2Match;
		return { lab, make, match };
	}

	it("are verified by another implementation, with the key that comes along", async () => {
		const { make, match } = start();
		const token = make(match())!;
		const { payload, protectedHeader } = await verify(token);
		expect(protectedHeader).toEqual({ alg: "ES256", typ: "JWT" });
		expect(payload).toEqual({ aud: "https://push.example.com", sub: CONTACT, iat: START, exp: START + 12 * HOUR });
		expect(public_key(token).equals(createPublicKey(key))).toBe(true);
		await expect(verify({ ...token, key: make(match({ jwt_key: lines(generate()) }))!.key })).rejects.toThrow("signature");
	});

	it("say who sends and until when, whatever the client claims", async () => {
		const { make, match } = start();
		const token = make(match({ jwt_claims: { sub: "mailto:eve@example.com", exp: "9999999999", iat: "soon" } }))!;
		expect((await verify(token)).payload).toMatchObject({ sub: CONTACT, iat: START, exp: START + 12 * HOUR });
	});

	it("say what the client claims, whatever it is called", async () => {
		const { make, match } = start();
		// A table across the bridge that has "1" is one that has 1, which Prosody's JSON takes for a list.
		const names = HOSTILE_NAMES.filter((name) => !/^\d+$/.test(name));
		const jwt_claims = Object.fromEntries([...names, "é", "a\"b", "\u{10ffff}"].map((name) => [name, `<${name}>`]));
		const { payload } = await verify(make(match({ jwt_claims }))!);
		expect(Object.entries(payload).sort()).toEqual(Object.entries({
			aud: "https://push.example.com", ...jwt_claims, sub: CONTACT, iat: START, exp: START + 12 * HOUR,
		}).sort());
	});

	it.each([
		["for another hour", 0, 11],
		["for another hour", -HOUR, 11],
		["for an hour more than a push may be sent again", HOUR, 10],
		["for an hour more than a push may be sent again", 5 * HOUR, 6],
		["at least for their first hour", 10 * HOUR, 1],
		["at least for their first hour", 72 * HOUR, 1],
	])("are used again while they are good %s (%d s)", (_, needed_for, hours) => {
		const { lab, make, match } = start(needed_for);
		const first = make(match())!.token;
		lab.pass(hours * HOUR);
		expect(make(match())!.token).toBe(first);
		lab.pass(1);
		const second = make(match())!.token;
		expect(second).not.toBe(first);
		expect(make(match())!.token).toBe(second);
	});

	it("are good for no more than a day where the clock was put back", async () => {
		const { lab, make, match } = start();
		make(match());
		lab.pass(-24 * HOUR);
		const { payload } = await verify(make(match())!, START - 24 * HOUR);
		expect(payload.exp).toBe(START - 12 * HOUR);
	});

	it("are used for the same key and claims only", () => {
		const { make, match } = start();
		const all = [
			match(),
			match({ jwt_key: lines(generate()) }),
			match({ jwt_claims: { aud: "https://push.example.org" } }),
			match({ jwt_claims: { a: "b" } }),
			match({ jwt_claims: { ab: "" } }),
			match({ jwt_claims: { a: "b", c: "d" } }),
			match({ jwt_claims: { a: "bcd" } }),
			match({ jwt_claims: { a: "d", c: "b" } }),
			match({ jwt_claims: { a: "b,c,d" } }),
			match({ jwt_claims: { a: "b\\,c,d" } }),
			match({ jwt_claims: { a: "b\\", c: "d" } }),
			match({ jwt_claims: { a: "b\\cc\\cd" } }),
			match({ jwt_claims: { "a,b,c": "d" } }),
		];
		expect(new Set(all.map((one) => make(one)!.token)).size).toBe(all.length);
	});

	it("do not depend on the order of the claims", () => {
		const { make, match } = start();
		const names = ["b", "a", "10", "9", "ä", "z"];
		const claims = names.map((name) => [name, name]);
		const token = make(match({ jwt_claims: Object.fromEntries(claims) }))!.token;
		expect(make(match({ jwt_claims: Object.fromEntries(claims.reverse()) }))!.token).toBe(token);
	});

	it("are remembered for 5,000 keys and claims, and no more", () => {
		const { lab, match } = start();
		// Thousands of real signatures take half a minute.
		const key = { public_raw: () => "point" };
		const crypto = {
			import_private_pem: () => key, import_public_ec_raw: () => key, ecdsa_sha256_sign: () => "", ecdsa_sha256_verify: () => true,
		} as unknown as CryptoLibrary;
		let signed = 0;
		const jwt = { new_signer: () => () => `token ${++signed}` };
		const signing = ((name) => name === "util.jwt" ? jwt : lab.require(name)) as Require;
		const make = token_maker(signing, crypto, { contact_uri: CONTACT, needed_for: HOUR });
		const first = make(match())!.token;
		const others = (from: number, to: number): void => {
			for (let n = from; n < to; n++) make(match({ jwt_claims: { n: `${n}` } }));
		};
		others(0, 4999);
		expect(make(match())!.token).toBe(first);
		others(4999, 9999);
		expect(make(match())!.token).not.toBe(first);
	});

	it.each<[string, Partial<Push2Match>]>([
		["without a key", { jwt_key: undefined }],
		["of another algorithm", { jwt_alg: "HS256" }],
		["of none", { jwt_alg: "none" }],
		["with a key that is none", { jwt_key: "MIGH" }],
		["with a key of another curve", { jwt_key: lines(generate("P-384")) }],
		["with a key of a curve as large", { jwt_key: lines(generate("secp256k1")) }],
	])("are not made %s", (_, changed) => {
		const { lab, make, match } = start();
		expect(make(match(changed))).toBeUndefined();
		expect(lab.log.filter(({ level }) => level !== "debug")).toEqual([]);
	});

	it("need no claims of the client's", async () => {
		const { lab, make } = start();
		const token = make(lab.host.table({
			match: "m", send: "s", jwt_alg: "ES256", jwt_key: lines(key),
		}) as unknown as Push2Match)!;
		expect((await verify(token)).payload.sub).toBe(CONTACT);
	});
});
