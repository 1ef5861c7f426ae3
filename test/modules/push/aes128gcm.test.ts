import { decrypt, encrypt } from "http_ece";
import { describe, expect, it } from "vitest";
import { HOST_NAMES } from "../../server/hosts";
import { aes128gcm_coding, coding_overhead } from "../../../modules/push/webpush/aes128gcm";
import { createLab } from "./lab";

const PLAINTEXT = "I am the walrus";

/** RFC 8188, section 3.1: one record of 4,096 bytes at most, and a key without a name. */
const SECTION_3_1 = {
	key: "yqdlZ-tYemfogSmv7Ws5PQ",
	salt: "I1BsxtFttlv3u_Oo94xnmw",
	encoded: "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg",
};

/** RFC 8188, section 3.2: two records of 25 bytes at most, with padding. */
const SECTION_3_2 = {
	key: "BO3ZVPxUlnLORbVGMpbT1Q",
	encoded: "uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQPdPHI51OEUKEpgz3SsLWIqS_uA",
};

const bytes = (text: string): Buffer => Buffer.from(text, "base64url");

// Our own coding is for pushes, which have one record (RFC 8291, 4): 3.2 shows that what reads it in the tests reads RFC 8188.
it("other implementations read RFC 8188's examples", () => {
	for (const { key, encoded } of [SECTION_3_1, SECTION_3_2]) {
		expect(decrypt(bytes(encoded), { version: "aes128gcm", key: bytes(key) }).toString()).toBe(PLAINTEXT);
	}
});

describe.each(HOST_NAMES)("the content coding on %s", (host_name) => {
	const { require } = createLab(host_name);
	const { base64 } = require("util.encodings");
	const code = aes128gcm_coding(require, require("util.crypto"));

	/** From base64url to base64url, for byte strings are the host's own. */
	const encode = (plaintext: string, key: string, salt: string, name = ""): Buffer => {
		const decode = (text: string): string => base64.decode(bytes(text).toString("base64"))!;
		const encoded = code(plaintext, decode(key), decode(salt), { id: name, size: Buffer.byteLength(name) });
		return Buffer.from(base64.encode(encoded), "base64");
	};

	it("is RFC 8188's, section 3.1, byte for byte", () => {
		expect(encode(PLAINTEXT, SECTION_3_1.key, SECTION_3_1.salt).toString("base64url")).toBe(SECTION_3_1.encoded);
	});

	it.each([["", ""], [PLAINTEXT, "a1"], ["ä😀".repeat(600), "k".repeat(127)]])("is another's, byte for byte (%#)", (plaintext, keyid) => {
		const { key, salt } = SECTION_3_1;
		const encoded = encode(plaintext, key, salt, keyid);
		expect(encoded.equals(encrypt(Buffer.from(plaintext), {
			version: "aes128gcm", key: bytes(key), salt: bytes(salt), keyid, rs: 4096,
		}))).toBe(true);
		expect(encoded).toHaveLength(Buffer.byteLength(plaintext) + keyid.length + coding_overhead);
	});
});
