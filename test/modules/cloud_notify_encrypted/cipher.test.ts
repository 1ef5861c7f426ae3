import { describe, expect, it } from "vitest";
import type { CryptoLibrary, OpensslCipher, OpensslCipherLibrary, Require } from "../../../bridge/api";
import { HOST_NAMES } from "../../server/hosts";
import { createLab, type Lab } from "../push/lab";
import { KEY, open } from "./opened";
import { open_cipher } from "../../../modules/mod_cloud_notify_encrypted/cipher";

const TEXT = '{"message":"Grüße 😀 \u007f"}';

/** Libraries in place of the host's; undefined: not there. */
type Others = { "util.crypto"?: CryptoLibrary; "openssl.cipher"?: OpensslCipherLibrary };

function with_libraries({ require }: Lab, others: Others): Require {
	return ((name: keyof Others) => {
		if (name in others) {
			const library = others[name];
			if (library === undefined) throw new Error(`module '${name}' not found`);
			return library;
		}
		return require(name);
	}) as Require;
}

describe.each(HOST_NAMES)("encryption on %s", (host_name) => {
	const lab = createLab(host_name);
	const key = lab.require("util.encodings").base64.decode(KEY)!;
	const cipher = (others: Others) => open_cipher(lab.module, with_libraries(lab, others));

	it.each<[string, Others]>([
		["util.crypto", { "openssl.cipher": undefined }], ["luaossl", { "util.crypto": undefined }],
	])("is right by %s: another implementation checks the tag", (_, others) => {
		const encrypt = cipher(others)!;
		for (const text of [TEXT, "", "x".repeat(3000)]) expect(open(encrypt(key, text)!)).toBe(text);
		const { iv, data } = encrypt(key, TEXT)!;
		const bytes = Buffer.from(data, "base64");
		for (const at of [0, bytes.length - 1]) {
			const changed = Buffer.from(bytes);
			changed[at]! ^= 1;
			expect(() => open({ iv, data: changed.toString("base64") })).toThrow();
		}
		expect(encrypt(key, TEXT)!.iv).not.toBe(iv);
	});

	it("takes util.crypto where there are both", () => {
		const refused = { "new": () => { throw new Error("asked luaossl"); } };
		expect(open(cipher({ "openssl.cipher": refused })!(key, TEXT)!)).toBe(TEXT);
	});

	it("is not there where neither library is", () => {
		expect(cipher({ "util.crypto": undefined, "openssl.cipher": undefined })).toBeUndefined();
	});

	it("gives nothing where the library fails, however it does", () => {
		const failing = (final: unknown[], tag: unknown[]): Others => {
			const made = { encrypt: () => made, final: () => final, getTag: () => tag } as unknown as OpensslCipher;
			return { "util.crypto": undefined, "openssl.cipher": { "new": () => made } };
		};
		const throwing = { "util.crypto": { aes_128_gcm_encrypt: () => { throw new Error("out of order"); } } as unknown as CryptoLibrary };
		for (const others of [failing([undefined, "no"], ["t"]), failing(["c"], [undefined, "no"]), failing([undefined], [undefined]), throwing]) {
			expect(cipher(others)!(key, TEXT)).toBeUndefined();
		}
		expect(lab.log.filter(({ level }) => level === "warn").map(({ message }) => message)).toHaveLength(4);
		// A key of another length is refused by either.
		for (const others of [{ "util.crypto": undefined }, {}]) expect(cipher(others)!("short", TEXT)).toBeUndefined();
	});
});
