import { createECDH, createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync } from "node:crypto";
import { decrypt } from "http_ece";
import { importPKCS8, importSPKI, jwtVerify, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import type { CryptoKey, Host, JwtAlgorithm, Machine } from "../../bridge/api";
import { createClock } from "../../bridge/server/clock";
import { createMemoryDisk } from "../../bridge/node";
import { HOSTS } from "../server/hosts";

const START = 1_700_000_000;

/** A host whose randomness begins with these bytes, and whose clock stands at `now`. */
function createHost(create: (machine: Machine) => Host, randomness: Buffer[] = [], now = START): Host {
	let given = Buffer.concat(randomness);
	let next = 1;
	return create({
		clock: createClock(now),
		disk: createMemoryDisk(),
		random_bytes(count) {
			const bytes = Buffer.from(Array.from({ length: count }, (_, at) => given[at] ?? next++ & 0xff));
			given = given.subarray(count);
			return bytes;
		},
		options: {},
		log: () => {},
	});
}

/** Byte strings of a host from what RFCs print, and back. */
function codec(host: Host) {
	const { base64 } = host.require("util.encodings");
	return {
		decode: (text: string) => base64.decode(Buffer.from(text, "base64url").toString("base64"))!,
		encode: (bytes: string) => Buffer.from(base64.encode(bytes), "base64").toString("base64url"),
	};
}

/** RFC 8291, appendix A. */
const RFC_8291 = {
	plaintext: "When I grow up, I want to be a watermelon",
	as_public: "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
	as_private: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
	ua_public: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
	ua_private: "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
	salt: "DGv6ra1nlYgDCS1FRnbzlw",
	auth_secret: "BTBZMqHH6r4Tts7J_aSIgg",
	ecdh_secret: "kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs",
	ikm: "S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg",
	cek: "oIhVW04MRdy2XN9CiKLxTg",
	nonce: "4h_95klXJ5E_qnoN",
	body: "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
		+ "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
};

/** RFC 8292, section 2.4. */
const RFC_8292 = {
	header: "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9",
	claims: "eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0",
	signature: "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA",
	k: "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs",
	exp: 1453523768,
};
const RFC_8292_TOKEN = `${RFC_8292.header}.${RFC_8292.claims}.${RFC_8292.signature}`;

function privatePem(d: string, point: string): string {
	const bytes = Buffer.from(point, "base64url");
	const [x, y] = [bytes.subarray(1, 33), bytes.subarray(33)].map((number) => number.toString("base64url"));
	return createPrivateKey({ key: { kty: "EC", crv: "P-256", d, x, y }, format: "jwk" })
		.export({ format: "pem", type: "pkcs8" }) as string;
}

/** Keys of an algorithm as PEM, or the secret twice. */
function keysFor(algorithm: JwtAlgorithm): { privateKey: string; publicKey: string } {
	if (algorithm.startsWith("HS")) {
		const secret = "a secret that is long enough for the longest of these hashes: 64.";
		return { privateKey: secret, publicKey: secret };
	}
	const { privateKey, publicKey } = algorithm.startsWith("ES")
		? generateKeyPairSync("ec", { namedCurve: algorithm === "ES256" ? "P-256" : "P-521" })
		: generateKeyPairSync("rsa", { modulusLength: 2048 });
	return {
		privateKey: privateKey.export({ format: "pem", type: "pkcs8" }) as string,
		publicKey: publicKey.export({ format: "pem", type: "spki" }) as string,
	};
}

const ALGORITHMS: JwtAlgorithm[] = [
	"HS256", "HS384", "HS512", "ES256", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
];

describe.each(Object.entries(HOSTS))("on %s", (_, create) => {
	describe("HKDF", () => {
		const host = createHost(create);
		const { hkdf_hmac_sha256, hkdf_hmac_sha384 } = host.require("util.hashes");
		const hex = (text: string): string => codec(host).decode(Buffer.from(text, "hex").toString("base64url"));
		const toHex = (text: string): string => Buffer.from(codec(host).encode(text), "base64url").toString("hex");

		it("is RFC 5869's (A.1, A.2, A.3)", () => {
			expect(toHex(hkdf_hmac_sha256(42, hex("0b".repeat(22)), hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"))))
				.toBe("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
			const count = (from: number): string => Buffer.from(Array.from({ length: 80 }, (_, at) => from + at)).toString("hex");
			expect(toHex(hkdf_hmac_sha256(82, hex(count(0)), hex(count(0x60)), hex(count(0xb0)))))
				.toBe("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da"
					+ "3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
			expect(toHex(hkdf_hmac_sha256(42, hex("0b".repeat(22)), undefined, "")))
				.toBe("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
		});

		it("gives up to 256 bytes", () => {
			for (const [digest, hkdf] of [["sha256", hkdf_hmac_sha256], ["sha384", hkdf_hmac_sha384]] as const) {
				for (const length of [1, 31, 32, 33, 48, 49, 256]) {
					expect(toHex(hkdf(length, "key", "salt", "é")))
						.toBe(Buffer.from(hkdfSync(digest, "key", "salt", "é", length)).toString("hex"));
				}
				expect(() => hkdf(257, "key", "salt", "info")).toThrow("exceeds internal limit 256");
			}
		});
	});

	describe("RFC 8291, appendix A", () => {
		const secretBytes = Buffer.from(RFC_8291.as_private, "base64url");
		const host = createHost(create, [secretBytes, Buffer.from(RFC_8291.salt, "base64url")]);
		const { decode, encode } = codec(host);
		const crypto = host.require("util.crypto");
		const { hkdf_hmac_sha256: hkdf } = host.require("util.hashes");
		// As a pair of keys is generated and a salt drawn: all that is random is the host's.
		const pair = crypto.generate_p256_keypair();
		const salt = host.require("util.random").bytes(16);
		const receiver = crypto.import_public_ec_raw(decode(RFC_8291.ua_public), "P-256")!;

		it.each<[string, () => CryptoKey]>([
			["generated", () => pair],
			["imported", () => crypto.import_private_pem(privatePem(RFC_8291.as_private, RFC_8291.as_public))!],
		])("comes out byte for byte of a key that was %s", (_, key) => {
			const sender = key();
			const publicKey = sender.public_raw()!;
			expect(encode(publicKey)).toBe(RFC_8291.as_public);
			expect(encode(salt)).toBe(RFC_8291.salt);
			const secret = sender.derive(receiver);
			expect(encode(secret)).toBe(RFC_8291.ecdh_secret);
			const info = `WebPush: info\0${decode(RFC_8291.ua_public)}${publicKey}`;
			const ikm = hkdf(32, secret, decode(RFC_8291.auth_secret), info);
			expect(encode(ikm)).toBe(RFC_8291.ikm);
			const cek = hkdf(16, ikm, salt, "Content-Encoding: aes128gcm\0");
			expect(encode(cek)).toBe(RFC_8291.cek);
			const nonce = hkdf(12, ikm, salt, "Content-Encoding: nonce\0");
			expect(encode(nonce)).toBe(RFC_8291.nonce);
			const ciphertext = crypto.aes_128_gcm_encrypt(cek, nonce, `${RFC_8291.plaintext}\x02`);
			const body = `${salt}\0\0\x10\0A${publicKey}${ciphertext}`;
			expect(encode(body)).toBe(RFC_8291.body);
		});

		it("is what another implementation decrypts", () => {
			const privateKey = createECDH("prime256v1");
			privateKey.setPrivateKey(RFC_8291.ua_private, "base64url");
			const plaintext = decrypt(Buffer.from(RFC_8291.body, "base64url"), {
				version: "aes128gcm", privateKey, authSecret: RFC_8291.auth_secret,
			});
			expect(plaintext.toString()).toBe(RFC_8291.plaintext);
		});

		it("comes out of the receiver's key", () => {
			const own = crypto.import_private_pem(privatePem(RFC_8291.ua_private, RFC_8291.ua_public))!;
			const sender = crypto.import_public_ec_raw(decode(RFC_8291.as_public), "P-256")!;
			expect(encode(own.derive(sender))).toBe(RFC_8291.ecdh_secret);
			expect(encode(own.derive(pair))).toBe(RFC_8291.ecdh_secret);
			expect(encode(pair.derive(own))).toBe(RFC_8291.ecdh_secret);
			const ciphertext = decode(RFC_8291.body).slice(decode(RFC_8291.body).indexOf(decode(RFC_8291.as_public))
				+ decode(RFC_8291.as_public).length);
			expect(crypto.aes_128_gcm_decrypt(decode(RFC_8291.cek), decode(RFC_8291.nonce), ciphertext))
				.toBe(`${RFC_8291.plaintext}\x02`);
			expect(crypto.aes_128_gcm_decrypt(decode(RFC_8291.cek), "\0".repeat(12), ciphertext)).toBeUndefined();
		});
	});

	describe("keys", () => {
		const host = createHost(create);
		const { decode, encode } = codec(host);
		const crypto = host.require("util.crypto");
		const point = Buffer.from(RFC_8291.ua_public, "base64url");
		const changed = (at: number): string => {
			const bytes = Buffer.from(point);
			bytes[at]! ^= 1;
			return bytes.toString("base64url");
		};
		const compressed = Buffer.concat([Buffer.of(2 + point[64]! % 2), point.subarray(1, 33)]).toString("base64url");
		// P-256's prime as the coordinate x, which is 0 once it is reduced, with the y that belongs to 0.
		const beyond = `04ffffffff00000001000000000000000000000000ffffffffffffffffffffffff${
			"66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4"}`;

		it.each([
			["off the curve by x", changed(32)],
			["off the curve by y", changed(64)],
			["of an unknown form", changed(0)],
			["at infinity", "AA"],
			["at the origin", Buffer.concat([Buffer.of(4), Buffer.alloc(64)]).toString("base64url")],
			["with a coordinate beyond the prime", Buffer.from(beyond, "hex").toString("base64url")],
			["too short", point.subarray(0, 64).toString("base64url")],
			["too long", `${RFC_8291.ua_public}AA`],
			["nothing", ""],
		])("are none from a point %s", (_, raw) => {
			expect(crypto.import_public_ec_raw(decode(raw), "P-256")).toBeUndefined();
		});

		it("are imported from a compressed point, and from other curves", () => {
			expect(encode(crypto.import_public_ec_raw(decode(compressed), "P-256")!.public_raw()!)).toBe(RFC_8291.ua_public);
			expect(crypto.import_public_ec_raw(decode(RFC_8291.ua_public), "P-384")).toBeUndefined();
			const other = createECDH("secp384r1");
			other.generateKeys();
			const raw = other.getPublicKey("base64url");
			const key = crypto.import_public_ec_raw(decode(raw), "P-384")!;
			expect(encode(key.public_raw()!)).toBe(raw);
			expect(key.get_type()).toBe("id-ecPublicKey");
			expect(() => crypto.generate_p256_keypair().derive(key)).toThrow("derive failed");
			expect(() => key.derive(key)).toThrow("derive failed");
		});

		it("derive what others derive with them, in any order", () => {
			const first = crypto.generate_p256_keypair();
			const second = crypto.generate_p256_keypair();
			const other = createECDH("prime256v1");
			other.generateKeys();
			const peer = crypto.import_public_ec_raw(decode(other.getPublicKey("base64url")), "P-256")!;
			for (const key of [first, second, first]) {
				const expected = other.computeSecret(Buffer.from(encode(key.public_raw()!), "base64url"));
				expect(encode(key.derive(peer))).toBe(expected.toString("base64url"));
			}
			expect(encode(first.derive(second))).toBe(encode(second.derive(first)));
		});

		it("are exported as others read them", () => {
			const key = crypto.generate_p256_keypair();
			const jwk = createPrivateKey(key.private_pem()!).export({ format: "jwk" });
			const raw = Buffer.from(encode(key.public_raw()!), "base64url");
			expect(jwk).toMatchObject({ crv: "P-256", x: raw.subarray(1, 33).toString("base64url") });
			expect(createPublicKey(key.public_pem()!).export({ format: "jwk" })).toMatchObject({ x: jwk.x, y: jwk.y });
			expect(key.get_type()).toBe("id-ecPublicKey");
		});
	});

	describe("RFC 8292, section 2.4", () => {
		// In good time: the token has expired since.
		const host = createHost(create, [], RFC_8292.exp - 60);
		const { decode, encode } = codec(host);
		const jwt = host.require("util.jwt");
		const crypto = host.require("util.crypto");
		const pem = crypto.import_public_ec_raw(decode(RFC_8292.k), "P-256")!.public_pem()!;
		const claims = { aud: "https://push.example.net", exp: RFC_8292.exp, sub: "mailto:push@example.com" };

		it("is verified by its key", () => {
			const [ok, payload] = jwt.new_verifier("ES256", pem)(RFC_8292_TOKEN);
			expect(ok).toBe(true);
			expect({ ...payload as object }).toEqual(claims);
		});

		it("is refused once it has expired, unless that is to be accepted", () => {
			const late = createHost(create, [], RFC_8292.exp + 1).require("util.jwt");
			expect([...late.new_verifier("ES256", pem)(RFC_8292_TOKEN)]).toEqual([undefined, "token-expired"]);
			expect(late.new_verifier("ES256", pem, { accept_expired: true })(RFC_8292_TOKEN)[0]).toBe(true);
		});

		// What cannot: the signature, of which an ECDSA key makes another one each time; the order in the header, which
		// Prosody writes the other way round; and Prosody adds `iat`.
		it("comes out byte for byte, as far as it can", () => {
			expect(encode(host.require("util.json").encode(claims))).toBe(RFC_8292.claims);
			expect(encode(crypto.import_public_pem(pem)!.public_raw()!)).toBe(RFC_8292.k);
			expect(Buffer.from(RFC_8292.header, "base64url").toString()).toBe('{"typ":"JWT","alg":"ES256"}');
			const key = crypto.generate_p256_keypair().private_pem()!;
			const token = jwt.new_signer("ES256", key)({ ...claims, iat: RFC_8292.exp - 60 });
			const [header, payload, signature] = token.split(".").map((part) => Buffer.from(part, "base64url"));
			expect(header!.toString()).toBe('{"alg":"ES256","typ":"JWT"}');
			expect(payload!.toString())
				.toBe(`${Buffer.from(RFC_8292.claims, "base64url").toString().slice(0, -1)},"iat":${RFC_8292.exp - 60}}`);
			expect(signature).toHaveLength(64);
		});
	});

	describe("tokens", () => {
		const host = createHost(create);
		const jwt = host.require("util.jwt");

		it.each(ALGORITHMS)("of %s are verified by an implementation that did not sign them, both ways", async (name) => {
			const { privateKey, publicKey } = keysFor(name);
			const secret = name.startsWith("HS");
			const claims = { sub: "xmpp:localhost", name: "é☎" };
			const ours = jwt.new_signer(name, privateKey)({ ...claims });
			const { payload, protectedHeader } = await jwtVerify(
				ours, secret ? Buffer.from(publicKey) : await importSPKI(publicKey, name), { currentDate: new Date(START * 1000) },
			);
			expect(protectedHeader).toEqual({ alg: name, typ: "JWT" });
			expect(payload).toEqual({ ...claims, iat: START, exp: START + 3600 });

			const theirs = await new SignJWT(claims).setProtectedHeader({ alg: name }).setExpirationTime(START + 5)
				.sign(secret ? Buffer.from(privateKey) : await importPKCS8(privateKey, name));
			const [ok, verified] = jwt.new_verifier(name, publicKey)(theirs);
			expect(ok).toBe(true);
			expect({ ...verified as object }).toEqual({ ...claims, exp: START + 5 });
			const [head, body, signature] = theirs.split(".") as [string, string, string];
			const changed = Buffer.from(signature, "base64url");
			changed[5]! ^= 1;
			expect([...jwt.new_verifier(name, publicKey)(`${head}.${body}.${changed.toString("base64url")}`)])
				.toEqual([false, "signature-mismatch"]);
			expect([...jwt.new_verifier(name, publicKey)(`${head}.${body}.AAAA`)]).toEqual([false, "signature-mismatch"]);
		});

		it("say until when they are good", () => {
			const payload: Record<string, unknown> = {};
			jwt.new_signer("HS256", "secret", { default_ttl: 60 })(payload);
			expect({ ...payload }).toEqual({ iat: START, exp: START + 60 });
			const given = { iat: 5, exp: 6 };
			jwt.new_signer("HS256", "secret", { default_ttl: 60 })(given);
			expect(given).toEqual({ iat: 5, exp: 6 });
		});

		it("are refused with a reason", () => {
			const sign = (payload: Record<string, unknown>): string => jwt.new_signer("HS256", "secret")(payload);
			const verify = jwt.new_verifier("HS256", "secret", { claim_verifier: ({ sub }) => sub === "juliet" });
			expect(verify(sign({ sub: "juliet" }))[0]).toBe(true);
			expect([...verify(sign({ sub: "romeo" }))]).toEqual([undefined, "incorrect-claims"]);
			expect([...verify(sign({ sub: "juliet", exp: START - 1 }))]).toEqual([undefined, "token-expired"]);
			expect([...verify(sign({ sub: "juliet", exp: "soon" }))]).toEqual([undefined, "invalid-expiry"]);
			expect([...verify("a.b")]).toEqual([undefined, "invalid-encoding"]);
			expect([...verify(RFC_8292_TOKEN)]).toEqual([undefined, "unsupported-algorithm"]);
			expect([...jwt.new_verifier("HS256", "other")(sign({}))]).toEqual([false, "signature-mismatch"]);
		});

		it("need a key of their algorithm", () => {
			const { privateKey, publicKey } = keysFor("ES256");
			const rsa = keysFor("RS256");
			expect(() => jwt.new_signer("ES256", rsa.privateKey)).toThrow("incorrect key type");
			expect(() => jwt.new_verifier("ES256", rsa.publicKey)).toThrow("incorrect key type");
			expect(() => jwt.new_signer("ES256", publicKey)).toThrow("the key is not one in PEM");
			expect(() => jwt.new_signer("ES256", "nonsense")).toThrow("the key is not one in PEM");
			expect(() => jwt.new_verifier("RS256", publicKey)).toThrow("incorrect key type");
			expect(() => jwt.new_signer("none" as "ES256", privateKey)).toThrow("Unknown JWT algorithm: none");
			expect(() => jwt.new_signer("ES256", keysFor("ES512").privateKey)({})).toThrow();
		});
	});
});
