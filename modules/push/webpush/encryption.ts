import type { CryptoLibrary, Require } from "../../../bridge/api";
import { aes128gcm_coding, coding_overhead } from "./aes128gcm";
import { key_reader, point_bytes, type RecipientKey } from "./keys";

/** What the encryption adds to a payload, in bytes. */
export const encryption_overhead = coding_overhead + point_bytes;

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
	const encode = aes128gcm_coding(require, crypto);
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
			return encode(plaintext, input, random.bytes(16), { id: sender_public, size: point_bytes });
		},
	};
}
