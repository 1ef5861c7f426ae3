import { createECDH, generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { HOST_NAMES } from "../../server/hosts";
import { createLab } from "./lab";
import { key_reader } from "../../../modules/push/webpush/keys";

const point = createECDH("prime256v1").generateKeys();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const compressed = Buffer.concat([Buffer.of(2 + point[64]! % 2), point.subarray(1, 33)]);
const changed = (at: number): Buffer => {
	const bytes = Buffer.from(point);
	bytes[at]! ^= 1;
	return bytes;
};

/** As a client writes it: PEM without its first and last line. */
function lines(key: KeyObject): string {
	const pem = key.export({ format: "pem", type: "pkcs8" }) as string;
	return pem.split("\n").slice(1, -2).join("\n");
}
const ec = (namedCurve: string, paramEncoding: "named" | "explicit" = "named"): KeyObject =>
	generateKeyPairSync("ec", { namedCurve, paramEncoding }).privateKey;
const signing = ec("P-256");
const signing_point = (() => {
	const { x, y } = signing.export({ format: "jwk" });
	return Buffer.concat([Buffer.of(4), Buffer.from(x!, "base64url"), Buffer.from(y!, "base64url")]);
})();

/** The key with the public half of another: what it signs is not what the other verifies. */
function with_public_half(key: KeyObject, other: Buffer): string {
	const der = key.export({ format: "der", type: "pkcs8" });
	other.copy(der, der.length - other.length);
	return base64(der);
}

describe.each(HOST_NAMES)("keys on %s", (host_name) => {
	const { require } = createLab(host_name);
	const keys = key_reader(require, require("util.crypto"));
	const encodings = require("util.encodings");
	const bytes = (text: string | undefined): Buffer | undefined =>
		text === undefined ? undefined : Buffer.from(encodings.base64.encode(text), "base64");

	describe("a public key", () => {
		it.each([
			["base64", base64(point)],
			["base64 without padding", base64(point).replaceAll("=", "")],
			["base64url", point.toString("base64url")],
			["base64url with padding", `${point.toString("base64url")}=`],
			["base64 with white space", `\n\t${base64(point).replace(/.{20}/g, "$&\r\n ")} \n`],
		])("is read in %s", (_, text) => {
			const read = keys.public_key(text);
			expect(bytes(read?.raw)).toEqual(point);
			expect(bytes(read?.key.public_raw())).toEqual(point);
		});

		it.each([
			["missing", undefined],
			["empty", ""],
			["no base64", "ä".repeat(44)],
			["base64 with something after its padding", `${base64(point)}AAAA`],
			["base64 with padding in it", `${base64(point).slice(0, 4)}=${base64(point).slice(4)}`],
			["base64 with too much padding", `${base64(point)}=`],
			["base64 of bits that no byte has", `${point.toString("base64url").slice(0, -1)}B`],
			["compressed", base64(compressed)],
			["compressed, and as long as it should be", base64(Buffer.concat([compressed, Buffer.alloc(32)]))],
			["in the hybrid form", base64(Buffer.concat([Buffer.of(6 + point[64]! % 2), point.subarray(1)]))],
			["of 64 bytes", base64(point.subarray(0, 64))],
			["of 66 bytes", base64(Buffer.concat([point, Buffer.of(0)]))],
			["off the curve by x", base64(changed(32))],
			["off the curve by y", base64(changed(64))],
			["at the origin", base64(Buffer.concat([Buffer.of(4), Buffer.alloc(64)]))],
			["at infinity", "AA=="],
			["on secp256k1", base64(createECDH("secp256k1").generateKeys())],
			["on P-384", base64(createECDH("secp384r1").generateKeys())],
			["megabytes", "BAAA".repeat(1_000_000)],
		])("is refused if it is %s", (_, text) => {
			expect(keys.public_key(text)).toBeUndefined();
		});
	});

	describe("an auth secret", () => {
		const secret = Buffer.from("fffefdfcfbfaf9f8c3a9000102e28280", "hex");

		it.each([
			["base64", base64(secret)],
			["base64 without padding", base64(secret).replaceAll("=", "")],
			["base64url", secret.toString("base64url")],
			["base64 with white space", ` ${base64(secret)}\n`],
		])("is read in %s", (_, text) => {
			expect(bytes(keys.auth_secret(text))).toEqual(secret);
		});

		it.each([
			["missing", undefined],
			["empty", ""],
			["of 15 bytes", base64(Buffer.alloc(15))],
			["of 17 bytes", base64(Buffer.alloc(17))],
			["of 18 bytes", base64(Buffer.alloc(18))],
			["of 16 characters", "0123456789abcdef"],
			["no base64", "!".repeat(22)],
		])("is refused if it is %s", (_, text) => {
			expect(keys.auth_secret(text)).toBeUndefined();
		});
	});

	describe("a signing key", () => {
		it.each([
			["as in a PEM file", lines(signing)],
			["in one line", lines(signing).replaceAll("\n", "")],
			["with white space around", `\n\t\t${lines(signing).replaceAll("\n", "\r\n\t\t")}\n`],
		])("is read %s", (_, text) => {
			const read = keys.signing_key(text);
			expect(read?.public_base64).toBe(base64(signing_point));
			const pem = read!.pem.split("\n");
			expect([pem[0], pem.at(-2), pem.length]).toEqual(["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", 4]);
		});

		it.each([
			["missing", undefined],
			["empty", ""],
			["no base64", "no key"],
			["no key", base64(Buffer.from("no key"))],
			["half a key", lines(signing).slice(0, 100)],
			["with the lines around it", signing.export({ format: "pem", type: "pkcs8" }) as string],
			["another PEM file within", `${lines(signing)}\n-----END PRIVATE KEY-----\n-----BEGIN RSA PRIVATE KEY-----\nAAAA`],
			["a PEM header within", `Proc-Type: 4,ENCRYPTED\n\n${lines(signing)}`],
			["on P-384", lines(ec("P-384"))],
			["on P-521", lines(ec("P-521"))],
			["on secp256k1", lines(ec("secp256k1"))],
			["on secp256k1, explicitly", lines(ec("secp256k1", "explicit"))],
			["Ed25519", lines(generateKeyPairSync("ed25519").privateKey)],
			["X25519", lines(generateKeyPairSync("x25519").privateKey)],
			["RSA", lines(generateKeyPairSync("rsa", { modulusLength: 512 }).privateKey)],
			["RSA, long", lines(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey)],
			["a public key", base64(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "der", type: "spki" }))],
			["no PKCS #8", base64(signing.export({ format: "der", type: "sec1" }))],
			["with the public half of another", with_public_half(signing, point)],
			["with a public half off the curve", with_public_half(signing, changed(64))],
			["megabytes", "MIGH".repeat(1_000_000)],
		])("is refused if it is %s", (_, text) => {
			expect(keys.signing_key(text)).toBeUndefined();
		});
	});
});
