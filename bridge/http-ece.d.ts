/** What this project uses of http_ece, encrypted content encoding for HTTP (RFC 8188), which comes without types. */
declare module "http_ece" {
	import type { ECDH } from "node:crypto";

	interface Parameters {
		version: "aes128gcm";
		/** The receiver's private key. */
		privateKey: ECDH;
		/** The receiver's authentication secret (RFC 8291), base64url or bytes. */
		authSecret: string | Buffer;
	}

	/** The plaintext without its padding. Throws if it cannot be decrypted. */
	export function decrypt(body: Buffer, parameters: Parameters): Buffer;
}
