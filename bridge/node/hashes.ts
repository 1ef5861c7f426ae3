import { createHmac, hash as digest } from "node:crypto";
import type { HashesLibrary } from "../api/libraries";
import { bytesToText, textToBytes } from "../native/bytes";

function hash(algorithm: string): (this: void, data: string, hex?: boolean) => string {
	return (data, hex) => {
		const bytes = textToBytes(data);
		return hex === true ? digest(algorithm, bytes, "hex") : bytesToText(digest(algorithm, bytes, "buffer"));
	};
}

function hmac(algorithm: string): (this: void, key: string, data: string, hex?: boolean) => string {
	return (key, data, hex) => {
		const digest = createHmac(algorithm, textToBytes(key)).update(textToBytes(data));
		return hex === true ? digest.digest("hex") : bytesToText(digest.digest());
	};
}

/** Prosody's own limit on what HKDF gives at a time. */
const HKDF_LIMIT = 256;

/** HKDF by HMAC, which takes half the time of `hkdfSync`. */
function hkdf(algorithm: string): HashesLibrary["hkdf_hmac_sha256"] {
	const mac = (key: Uint8Array, ...parts: Uint8Array[]): Buffer => {
		const hmac = createHmac(algorithm, key);
		for (const part of parts) hmac.update(part);
		return hmac.digest();
	};
	return (length, input, salt, info) => {
		if (length > HKDF_LIMIT) {
			throw new Error(`desired output length ${length} exceeds internal limit ${HKDF_LIMIT}`);
		}
		const extracted = mac(textToBytes(salt ?? ""), textToBytes(input));
		const context = textToBytes(info);
		let block = mac(extracted, context, Uint8Array.of(1));
		let expanded = block;
		for (let count = 2; expanded.length < length; count++) {
			block = mac(extracted, block, context, Uint8Array.of(count));
			expanded = Buffer.concat([expanded, block]);
		}
		return bytesToText(expanded.subarray(0, length));
	};
}

/** `util.hashes`, on OpenSSL. */
export const hashesLibrary: HashesLibrary = {
	sha1: hash("sha1"),
	sha256: hash("sha256"),
	sha512: hash("sha512"),
	hmac_sha256: hmac("sha256"),
	hkdf_hmac_sha256: hkdf("sha256"),
	hkdf_hmac_sha384: hkdf("sha384"),
};
