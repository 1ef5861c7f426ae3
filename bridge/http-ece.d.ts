/** What this project uses of http_ece, encrypted content encoding for HTTP (RFC 8188), which comes without types. */
declare module "http_ece" {
	import type { ECDH } from "node:crypto";

	/** RFC 8291. */
	interface AgreedKey {
		version: "aes128gcm";
		/** The receiver's private key. */
		privateKey: ECDH;
		/** The receiver's authentication secret, base64url or bytes. */
		authSecret: string | Buffer;
	}

	/** RFC 8188. */
	interface SharedKey {
		version: "aes128gcm";
		key: Buffer;
	}

	/** The plaintext without its padding. Throws if it cannot be decrypted. */
	export function decrypt(body: Buffer, parameters: AgreedKey | SharedKey): Buffer;

	/** @param parameters `keyid`: the key's name; `rs`: the record size */
	export function encrypt(plaintext: Buffer, parameters: SharedKey & { salt: Buffer; keyid: string; rs: number }): Buffer;
}
