import { createECDH, createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCrypto } from "../../bridge/node/crypto";
import { createTestMachine } from "./machine";
import { textToBytes } from "../../bridge/native/bytes";

const crypto = createCrypto(createTestMachine());

describe("keys", () => {
	const key = crypto.generate_p256_keypair();

	it("are the same in every run", () => {
		const again = createCrypto(createTestMachine()).generate_p256_keypair();
		expect(again.private_pem()).toBe(key.private_pem());
		expect(crypto.generate_p256_keypair().private_pem()).not.toBe(key.private_pem());
	});

	it("are exported and imported", () => {
		const imported = crypto.import_private_pem(key.private_pem()!)!;
		expect(imported.private_pem()).toBe(key.private_pem());
		expect(imported.get_type()).toBe("id-ecPublicKey");
		const publicKey = crypto.import_public_pem(key.public_pem()!)!;
		expect(publicKey.public_raw()).toBe(key.public_raw());
		expect(() => publicKey.private_pem()).toThrow("private key expected");
		expect(crypto.import_private_pem("nonsense")).toBeUndefined();
		expect(crypto.import_public_pem("nonsense")).toBeUndefined();
	});

	it("have a point as public key", () => {
		const raw = key.public_raw()!;
		expect(textToBytes(raw)).toHaveLength(65);
		expect(crypto.import_public_ec_raw(raw, "P-256")!.public_pem()).toBe(key.public_pem());
		expect(crypto.import_public_ec_raw("no point", "P-256")).toBeUndefined();
		expect(crypto.import_public_ec_raw(raw, "__proto__")).toBeUndefined();
	});

	it("derive a shared secret", () => {
		const other = createECDH("prime256v1");
		other.generateKeys();
		const secret = key.derive(crypto.import_public_ec_raw(`${latin(other.getPublicKey())}`, "P-256")!);
		expect(textToBytes(secret)).toEqual(other.computeSecret(textToBytes(key.public_raw()!)));
	});

	it("sign, once they have been imported", () => {
		const signing = crypto.import_private_pem(key.private_pem()!)!;
		const signature = crypto.ecdsa_sha256_sign(signing, "é");
		expect(crypto.ecdsa_sha256_verify(signing, "é", signature)).toBe(true);
		expect(crypto.ecdsa_sha256_verify(signing, "e", signature)).toBe(false);
		expect(crypto.ecdsa_sha256_verify(signing, "é", "nonsense")).toBe(false);
		expect(verify("sha256", Buffer.from("é"), createPublicKey(key.public_pem()!), textToBytes(signature))).toBe(true);
		expect(() => crypto.ecdsa_sha256_sign(key, "é")).toThrow("got 'prime256v1', expected 'id-ecPublicKey'");
		const verifying = crypto.import_public_pem(key.public_pem()!)!;
		expect(() => crypto.ecdsa_sha256_sign(verifying, "é")).toThrow("private key expected");
	});
});

/** Bytes as the host's text. */
function latin(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join("");
}

describe("AES-128-GCM", () => {
	const key = "k".repeat(16);
	const iv = "i".repeat(12);

	it("encrypts what it decrypts", () => {
		const ciphertext = crypto.aes_128_gcm_encrypt(key, iv, "héllo");
		expect(textToBytes(ciphertext)).toHaveLength(6 + 16);
		expect(crypto.aes_128_gcm_decrypt(key, iv, ciphertext)).toBe("héllo");
	});

	it("knows what was tampered with", () => {
		const bytes = textToBytes(crypto.aes_128_gcm_encrypt(key, iv, "hello"));
		bytes[0]! ^= 1;
		expect(crypto.aes_128_gcm_decrypt(key, iv, latin(bytes))).toBeUndefined();
	});

	it("takes keys and vectors of the right length", () => {
		expect(() => crypto.aes_128_gcm_encrypt("short", iv, "")).toThrow("key must be 16 bytes");
		expect(() => crypto.aes_128_gcm_encrypt(key, "short", "")).toThrow("iv must be 12 bytes");
		expect(() => crypto.aes_128_gcm_decrypt(key, iv, "x".repeat(16))).toThrow("at least 16 bytes");
	});
});
