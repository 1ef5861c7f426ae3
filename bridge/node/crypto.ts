import { createCipheriv, createDecipheriv, sign, verify } from "node:crypto";
import type { CryptoKey, CryptoLibrary } from "../api/libraries";
import { generateP256, importPublicEcRaw } from "../native/elliptic";
import { importPrivatePem, importPublicPem, privatePem, publicHalf, publicPem, type Key } from "../native/keys";
import type { Machine } from "../api/host";
import { bytesToText, textToBytes } from "../native/bytes";
import { parseEcdsaSignature } from "../native/ecdsa-signature";

const CIPHER = "aes-128-gcm";
const KEY_LENGTH = 16;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

class NodeKey implements CryptoKey {
	constructor(readonly key: Key) {}

	private_pem(): string {
		return privatePem(expectPrivate(this.key));
	}

	public_pem(): string {
		return publicPem(this.key);
	}

	public_raw(): string | undefined {
		const { publicRaw } = this.key;
		return publicRaw === undefined ? undefined : bytesToText(publicRaw);
	}

	get_type(): string {
		return this.key.type;
	}

	derive(peer: CryptoKey): string {
		const { key } = this;
		const other = expectKey(peer);
		let secret: Buffer;
		try {
			secret = key.derive(other);
		} catch (error) {
			throw new Error("pkey:derive failed", { cause: error });
		}
		return bytesToText(secret);
	}
}

function nodeKey(key: Key | undefined): NodeKey | undefined {
	return key === undefined ? undefined : new NodeKey(key);
}

function expectKey(key: CryptoKey): Key {
	if (!(key instanceof NodeKey)) throw new Error("util.crypto key expected");
	return key.key;
}

function expectPrivate(key: Key): Key {
	if (!key.isPrivate) throw new Error("private key expected, got public key only");
	return key;
}

/** The key, if Prosody would take it for ECDSA: one that it generated itself it takes only after an export. */
function expectEcdsa(cryptoKey: CryptoKey): Key {
	const key = expectKey(cryptoKey);
	if (key.checkedType !== "id-ecPublicKey") {
		throw new Error(`unexpected key type: got '${key.checkedType}', expected 'id-ecPublicKey'`);
	}
	return key;
}

function expectLength(text: string, length: number, what: string): Buffer {
	const bytes = textToBytes(text);
	if (bytes.length !== length) throw new Error(`${what} must be ${length} bytes`);
	return bytes;
}

function encrypt(key: string, iv: string, plaintext: string): string {
	const cipher = createCipheriv(CIPHER, expectLength(key, KEY_LENGTH, "key"), expectLength(iv, IV_LENGTH, "iv"));
	const parts = [cipher.update(textToBytes(plaintext)), cipher.final(), cipher.getAuthTag()];
	return bytesToText(Buffer.concat(parts));
}

function decrypt(key: string, iv: string, ciphertext: string): string | undefined {
	const bytes = textToBytes(ciphertext);
	if (bytes.length <= TAG_LENGTH) {
		throw new Error(`ciphertext must be at least ${TAG_LENGTH} bytes (including tag)`);
	}
	const decipher = createDecipheriv(CIPHER, expectLength(key, KEY_LENGTH, "key"), expectLength(iv, IV_LENGTH, "iv"));
	decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
	const plaintext = decipher.update(bytes.subarray(0, -TAG_LENGTH));
	try {
		return bytesToText(Buffer.concat([plaintext, decipher.final()]));
	} catch {
		// The only thing that can fail here: the tag does not fit.
		return undefined;
	}
}

/** Prosody 13.0's `util.crypto`. Generated keys come from the machine's seeded bytes. */
export function createCrypto(machine: Machine): CryptoLibrary {
	return {
		generate_p256_keypair: () => new NodeKey(generateP256(machine)),
		import_private_pem: (pem) => nodeKey(importPrivatePem(textToBytes(pem))),
		import_public_pem: (pem) => nodeKey(importPublicPem(textToBytes(pem))),
		import_public_ec_raw: (raw, curve) => nodeKey(importPublicEcRaw(textToBytes(raw), curve)),
		aes_128_gcm_encrypt: encrypt,
		aes_128_gcm_decrypt: decrypt,
		ecdsa_sha256_sign: (key, message) =>
			bytesToText(sign("sha256", textToBytes(message), expectPrivate(expectEcdsa(key)).handle)),
		ecdsa_sha256_verify(key, message, signature) {
			const bytes = textToBytes(signature);
			const handle = publicHalf(expectEcdsa(key));
			return parseEcdsaSignature(bytes) !== undefined && verify("sha256", textToBytes(message), handle, bytes);
		},
	};
}
