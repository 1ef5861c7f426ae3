import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Host } from "../../bridge/api";
import { bytesToText, textToBytes } from "../../bridge/native/bytes";
import { createTestMachine } from "../node/machine";
import { HOSTS } from "../server/hosts";

const TYPE = "AES-128-GCM";

/** "The Galois/Counter Mode of Operation" (McGrew and Viega), test cases 1 to 3. */
const PUBLISHED: readonly (readonly [key: string, iv: string, plaintext: string, ciphertext: string, tag: string])[] = [
	["00".repeat(16), "00".repeat(12), "", "", "58e2fccefa7e3061367f1d57a4e7455a"],
	[
		"00".repeat(16), "00".repeat(12), "00".repeat(16), "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf",
	],
	[
		"feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
		"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
		"42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985",
		"4d5c2af327cd64a62cf35abd2ba6fab4",
	],
];

function sealed(key: Buffer, iv: Buffer, plaintext: Buffer): { ciphertext: Buffer; tag: Buffer } {
	const cipher = createCipheriv("aes-128-gcm", key, iv);
	const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
	return { ciphertext, tag: cipher.getAuthTag() };
}

function opened(key: Buffer, iv: Buffer, ciphertext: Buffer, tag: Buffer): Buffer {
	const decipher = createDecipheriv("aes-128-gcm", key, iv).setAuthTag(tag);
	return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

function bytes(text: string | undefined): Buffer {
	expect(text).toBeTypeOf("string");
	return textToBytes(text!);
}

function starting(host: Host, direction: "encrypt" | "decrypt", key: Buffer, iv: Buffer) {
	return host.require("openssl.cipher").new(TYPE)[direction](bytesToText(key), bytesToText(iv));
}

describe.each(Object.entries(HOSTS))("openssl.cipher on %s", (_, create) => {
	const host = create(createTestMachine());

	it.each(PUBLISHED)("comes out as it is published: key %s, IV %s, %s", (...published) => {
		const [key, iv, plaintext, ciphertext, tag] = published.map((text) => Buffer.from(text, "hex"));
		const cipher = starting(host, "encrypt", key!, iv!);
		expect(bytes(cipher.final(bytesToText(plaintext!))[0])).toEqual(ciphertext);
		expect(bytes(cipher.getTag(16)[0])).toEqual(tag);
	});

	it("is decrypted by node:crypto, and decrypts it, whatever the bytes", () => {
		for (const length of [0, 1, 15, 16, 17, 255, 3000]) {
			for (const ivLength of [12, 16]) {
				const [key, iv, plaintext] = [randomBytes(16), randomBytes(ivLength), randomBytes(length)];
				const what = [key, iv, plaintext].map((part) => part.toString("hex")).join(" ");
				const cipher = starting(host, "encrypt", key, iv);
				const cut = Math.floor(length / 3);
				const ciphertext = Buffer.concat([
					bytes(cipher.update(bytesToText(plaintext.subarray(0, cut)))[0]),
					bytes(cipher.final(bytesToText(plaintext.subarray(cut)))[0]),
				]);
				const tag = bytes(cipher.getTag(16)[0]);
				expect(opened(key, iv, ciphertext, tag), what).toEqual(plaintext);

				const theirs = sealed(key, iv, plaintext);
				const decipher = starting(host, "decrypt", key, iv);
				decipher.setTag(bytesToText(theirs.tag));
				expect(bytes(decipher.final(bytesToText(theirs.ciphertext))[0]), what).toEqual(plaintext);
			}
		}
	});

	it("is what util.crypto puts together: the ciphertext, and a tag of 16 bytes after it", () => {
		const [key, iv, plaintext] = [randomBytes(16), randomBytes(12), randomBytes(100)];
		const together = host.require("util.crypto")
			.aes_128_gcm_encrypt(bytesToText(key), bytesToText(iv), bytesToText(plaintext));
		const cipher = starting(host, "encrypt", key, iv);
		const ciphertext = bytes(cipher.final(bytesToText(plaintext))[0]);
		expect(bytes(together)).toEqual(Buffer.concat([ciphertext, bytes(cipher.getTag(16)[0])]));
	});

	it("refuses every changed bit of text and tag", () => {
		const [key, iv] = [randomBytes(16), randomBytes(12)];
		const { ciphertext, tag } = sealed(key, iv, Buffer.from("text"));
		const whole = Buffer.concat([ciphertext, tag]);
		for (let bit = 0; bit < whole.length * 8; bit++) {
			const changed = Buffer.from(whole);
			changed[bit >> 3]! ^= 1 << (bit & 7);
			const decipher = starting(host, "decrypt", key, iv);
			decipher.setTag(bytesToText(changed.subarray(4)));
			expect([...decipher.final(bytesToText(changed.subarray(0, 4)))], `bit ${bit}`)
				.toEqual([undefined, "oops: no OpenSSL errors set"]);
		}
	});

	it("gives itself to go on with, and nil with a reason", () => {
		const cipher = host.require("openssl.cipher").new(TYPE);
		expect(cipher.encrypt("k".repeat(16), "i".repeat(12))).toBe(cipher);
		expect([...cipher.getTag(16)]).toEqual([undefined, expect.stringMatching(/invalid tag$/)]);
		expect([...cipher.setTag("tag")]).toEqual([undefined, expect.stringMatching(/invalid tag$/)]);
		expect([...cipher.final()]).toEqual([""]);
		expect([...cipher.update("text")]).toEqual([undefined, expect.stringMatching(/cipher operation failed$/)]);
	});

	it("throws for what cannot be", () => {
		const cipher = host.require("openssl.cipher").new(TYPE);
		expect(() => host.require("openssl.cipher").new("AES-129-GCM")).toThrow("AES-129-GCM: invalid cipher type");
		// Bytes count, not characters.
		expect(() => cipher.encrypt("é".repeat(16), "i".repeat(12))).toThrow("32: invalid key length (should be 16)");
		expect(() => cipher.encrypt("k".repeat(16), "")).toThrow("0: invalid IV length (should be 12)");
		expect(() => cipher.getTag(1.5)).toThrow("number has no integer representation");
	});
});
