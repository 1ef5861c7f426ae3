import type { CryptoLibrary, Require } from "../../../bridge/api";
import { key_reader, type RecipientKey } from "./keys";

/** What the encryption adds to a payload, in bytes: the header, the delimiter and the tag. */
export const encryption_overhead = 16 + 4 + 1 + 65 + 1 + 16;

/** The record size 4,096, and the length of the key that follows (RFC 8188, 2.1). All is in one record. */
const sizes = String.fromCharCode(0, 0, 16, 0, 65);
/** Says that the record is the last (RFC 8188, 2). */
const delimiter = String.fromCharCode(2);

/** Clients whose keys need not be read again. One takes some 1 KB, and 3 KB at most: what can be read is bounded. */
const remembered_recipients = 5000;

interface Recipient extends RecipientKey {
	auth_secret: string;
}

/** Encrypts payloads for one recipient each. */
export interface ContentEncryption {
	/**
	 * @param plaintext at most 3,993 bytes
	 * @param ua_public the recipient's public key, as the client wrote it
	 * @param auth_secret as the client wrote it
	 * @returns header and ciphertext, as a byte string; nil if one of the keys is missing or unusable
	 */
	encrypt(
		this: void, plaintext: string, ua_public: string | undefined, auth_secret: string | undefined,
	): string | undefined;
}

/** Message Encryption for Web Push (RFC 8291), with a new pair of keys and a new salt each time. */
export function content_encryption(require: Require, crypto: CryptoLibrary): ContentEncryption {
	const keys = key_reader(require, crypto);
	const { hkdf_hmac_sha256: hkdf } = require("util.hashes");
	const random = require("util.random");
	const recipients = require("util.cache").new<Recipient>(remembered_recipients);

	const recipient_of = (ua_public: string | undefined, auth_secret: string | undefined): Recipient | undefined => {
		if (ua_public === undefined || auth_secret === undefined) return undefined;
		// There is no comma in what is read without fault.
		const name = `${ua_public},${auth_secret}`;
		const remembered = recipients.get(name);
		if (remembered !== undefined) return remembered;
		const key = keys.public_key(ua_public);
		const secret = keys.auth_secret(auth_secret);
		if (key === undefined || secret === undefined) return undefined;
		const recipient = { ...key, auth_secret: secret };
		recipients.set(name, recipient);
		return recipient;
	};

	return {
		encrypt(plaintext, ua_public, auth_secret) {
			const recipient = recipient_of(ua_public, auth_secret);
			if (recipient === undefined) return undefined;

			const sender = crypto.generate_p256_keypair();
			const sender_public = sender.public_raw() ?? "";
			const info = `WebPush: info\u0000${recipient.raw}${sender_public}`;
			const input = hkdf(32, sender.derive(recipient.key), recipient.auth_secret, info);
			const salt = random.bytes(16);
			const key = hkdf(16, input, salt, "Content-Encoding: aes128gcm\u0000");
			const nonce = hkdf(12, input, salt, "Content-Encoding: nonce\u0000");
			const ciphertext = crypto.aes_128_gcm_encrypt(key, nonce, plaintext + delimiter);
			return salt + sizes + sender_public + ciphertext;
		},
	};
}
