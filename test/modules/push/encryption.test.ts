import { createECDH } from "node:crypto";
import { decrypt } from "http_ece";
import { describe, expect, it } from "vitest";
import type { CacheLibrary, CryptoLibrary, Require } from "../../../bridge/api";
import { HOST_NAMES } from "../../server/hosts";
import { createLab, createRecipient, encryption_to_base64 } from "./lab";
import { encryption_overhead } from "../../../modules/push/webpush/encryption";

/** RFC 8291, appendix A. */
const APPENDIX_A = {
	plaintext: "When I grow up, I want to be a watermelon",
	as_private: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
	ua_public: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
	salt: "DGv6ra1nlYgDCS1FRnbzlw",
	auth_secret: "BTBZMqHH6r4Tts7J_aSIgg",
	body: "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
		+ "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
};

describe.each(HOST_NAMES)("encryption on %s", (host_name) => {
	const { require } = createLab(host_name);
	const { encrypt } = encryption_to_base64(require);
	const recipient = createRecipient();

	it("is RFC 8291's, appendix A, byte for byte", () => {
		const random: Record<number, Uint8Array> = {
			32: Buffer.from(APPENDIX_A.as_private, "base64url"), 16: Buffer.from(APPENDIX_A.salt, "base64url"),
		};
		const lab = createLab(host_name, (count) => random[count] ?? new Uint8Array(count));
		const encryption = encryption_to_base64(lab.require);
		const payload = encryption.encrypt(APPENDIX_A.plaintext, APPENDIX_A.ua_public, APPENDIX_A.auth_secret);
		expect(payload).toBe(Buffer.from(APPENDIX_A.body, "base64url").toString("base64"));
	});

	it.each(["", "x", "Ünï😀\0\u{10ffff}", "ä".repeat(1996)])("is undone by another implementation (%#)", (plaintext) => {
		const payload = encrypt(plaintext, recipient.ua_public, recipient.auth_secret)!;
		expect(recipient.open(payload).toString()).toBe(plaintext);
		expect(Buffer.from(payload, "base64")).toHaveLength(Buffer.byteLength(plaintext) + encryption_overhead);
	});

	it("is of one record, with the largest plaintext as with the smallest", () => {
		for (const length of [0, 3993]) {
			const bytes = Buffer.from(encrypt("x".repeat(length), recipient.ua_public, recipient.auth_secret)!, "base64");
			expect(bytes.readUInt32BE(16)).toBe(4096);
			expect(bytes[20]).toBe(65);
			expect(bytes).toHaveLength(length + 86 + 17);
		}
	});

	it("has new keys and a new salt each time", () => {
		const payloads = [1, 2, 3].map(() =>
			Buffer.from(encrypt("the same", recipient.ua_public, recipient.auth_secret)!, "base64"));
		expect(new Set(payloads.map((bytes) => bytes.toString("hex", 0, 16))).size).toBe(3);
		expect(new Set(payloads.map((bytes) => bytes.toString("hex", 21, 86))).size).toBe(3);
		expect(new Set(payloads.map((bytes) => bytes.toString("hex", 86))).size).toBe(3);
	});

	it("is for nobody else", () => {
		const payload = encrypt("secret", recipient.ua_public, recipient.auth_secret)!;
		expect(() => createRecipient().open(payload)).toThrow();
		const privateKey = createECDH("prime256v1");
		privateKey.generateKeys();
		const other_secret = encrypt("secret", privateKey.getPublicKey("base64"), recipient.auth_secret)!;
		expect(() => decrypt(Buffer.from(other_secret, "base64"), {
			version: "aes128gcm", privateKey, authSecret: Buffer.alloc(16),
		})).toThrow();
	});

	it("takes the keys in either alphabet", () => {
		const url = (text: string): string => Buffer.from(text, "base64").toString("base64url");
		const payload = encrypt("hello", url(recipient.ua_public), url(recipient.auth_secret))!;
		expect(recipient.open(payload).toString()).toBe("hello");
	});

	it("reads the keys of 5,000 clients once", () => {
		const lab = createLab(host_name);
		const crypto = lab.require("util.crypto");
		let read = 0;
		const counting = {
			generate_p256_keypair: crypto.generate_p256_keypair,
			aes_128_gcm_encrypt: crypto.aes_128_gcm_encrypt,
			import_public_ec_raw: (...args: Parameters<CryptoLibrary["import_public_ec_raw"]>) => {
				read++;
				return crypto.import_public_ec_raw(...args);
			},
		} as CryptoLibrary;
		const sizes: number[] = [];
		const cache: CacheLibrary = {
			new: (size, on_evict) => {
				sizes.push(size);
				return lab.require("util.cache").new(size, on_evict);
			},
		};
		const require = ((name) => name === "util.cache" ? cache : lab.require(name)) as Require;
		const { encrypt } = encryption_to_base64(require, counting);
		for (let count = 0; count < 3; count++) encrypt("hello", recipient.ua_public, recipient.auth_secret);
		expect(read).toBe(1);
		expect(sizes).toEqual([5000]);
	});

	it.each([
		["no key", undefined, undefined],
		["no public key", undefined, recipient.auth_secret],
		["no secret", recipient.ua_public, undefined],
		["a key that is none", "AAAA", recipient.auth_secret],
		["a key that is off the curve", Buffer.alloc(65, 4).toString("base64"), recipient.auth_secret],
		["a secret that is too short", recipient.ua_public, "AAAA"],
	])("is impossible with %s", (_, ua_public, auth_secret) => {
		expect(encrypt("hello", ua_public, auth_secret)).toBeUndefined();
	});
});
