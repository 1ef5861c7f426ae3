import type { CryptoLibrary, Require } from "../../../bridge/api";

/** What the coding adds to a text, in bytes, beside the name of its key: salt, sizes, delimiter and tag. */
export const coding_overhead = 16 + 4 + 1 + 1 + 16;

/** The record size 4,096 (RFC 8188, 2.1). All is in one record. */
const record_size = String.fromCharCode(0, 0, 16, 0);
/** Says that the record is the last (RFC 8188, 2). */
const delimiter = String.fromCharCode(2);

/** By what name the reader finds the key. */
export interface KeyId {
	/** A byte string, whose bytes cannot be counted. */
	id: string;
	/** In bytes, at most 127: as a character, which is one byte up to there. */
	size: number;
}

/**
 * Encrypts a text in a single record.
 * @param plaintext of 4,079 bytes at most
 * @param input_key the secret that both ends have, as a byte string
 * @param salt 16 bytes, never the same for one secret
 * @returns header and ciphertext, as a byte string
 */
export type ContentCoding = (this: void, plaintext: string, input_key: string, salt: string, key_id: KeyId) => string;

/** The content coding `aes128gcm` (RFC 8188). */
export function aes128gcm_coding(require: Require, crypto: CryptoLibrary): ContentCoding {
	const { hkdf_hmac_sha256: hkdf } = require("util.hashes");
	return (plaintext, input_key, salt, { id, size }) => {
		const key = hkdf(16, input_key, salt, "Content-Encoding: aes128gcm\u0000");
		const nonce = hkdf(12, input_key, salt, "Content-Encoding: nonce\u0000");
		const ciphertext = crypto.aes_128_gcm_encrypt(key, nonce, plaintext + delimiter);
		return salt + record_size + String.fromCharCode(size) + id + ciphertext;
	};
}
