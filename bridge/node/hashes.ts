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

/** `util.hashes`, on OpenSSL. */
export const hashesLibrary: HashesLibrary = {
	sha1: hash("sha1"),
	sha256: hash("sha256"),
	sha512: hash("sha512"),
	hmac_sha256: hmac("sha256"),
};
