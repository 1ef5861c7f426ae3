import type { CryptoLibrary, ModuleApi, OpensslCipherLibrary, Require } from "../../bridge/api";

/** Of AES in Galois/counter mode (NIST SP 800-38D, 8.2.1): never the same twice for one key. */
const iv_bytes = 12;
const tag_bytes = 16;

/** A payload as it stands in a push. In base64. */
export interface Encrypted {
	iv: string;
	/** With the tag at its end. */
	data: string;
}

/**
 * Encrypts a text with AES-128-GCM.
 * @param key 16 bytes, as a byte string
 * @returns nil if that failed
 */
export type Encrypt = (this: void, key: string, text: string) => Encrypted | undefined;

/** @returns the ciphertext and its tag. Throws if that failed */
type Aes = (this: void, key: string, iv: string, text: string) => string;

/** A library that not every Prosody has. */
function find<Library>(load: (this: void) => Library): Library | undefined {
	try {
		return load();
	} catch {
		return undefined;
	}
}

function aes_of_prosody(crypto: CryptoLibrary): Aes {
	return (key, iv, text) => crypto.aes_128_gcm_encrypt(key, iv, text);
}

function aes_of_luaossl(ciphers: OpensslCipherLibrary): Aes {
	return (key, iv, text) => {
		const cipher = ciphers.new("AES-128-GCM").encrypt(key, iv);
		const [ciphertext, problem] = cipher.final(text);
		if (ciphertext === undefined) throw problem ?? "no ciphertext";
		const [tag, lacking] = cipher.getTag(tag_bytes);
		if (tag === undefined) throw lacking ?? "no tag";
		return ciphertext + tag;
	};
}

function find_aes(require: Require): Aes | undefined {
	const crypto = find(() => require("util.crypto"));
	if (crypto !== undefined) return aes_of_prosody(crypto);
	const ciphers = find(() => require("openssl.cipher"));
	return ciphers !== undefined ? aes_of_luaossl(ciphers) : undefined;
}

/** AES of Prosody's `util.crypto`, which 0.12 has not, else of luaossl; nil if neither is there. */
export function open_cipher(module: ModuleApi, require: Require): Encrypt | undefined {
	const aes = find_aes(require);
	if (aes === undefined) return undefined;
	const random = require("util.random");
	const { base64 } = require("util.encodings");

	return (key, text) => {
		try {
			const iv = random.bytes(iv_bytes);
			return { iv: base64.encode(iv), data: base64.encode(aes(key, iv, text)) };
		} catch (reason) {
			module.log("warn", "Encryption failed: %s", reason);
			return undefined;
		}
	};
}
