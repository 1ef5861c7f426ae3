import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, diffieHellman } from "node:crypto";
import type { Machine } from "../api";

/*
 * The keys of `util.crypto`, on `node:crypto`; `elliptic.ts` has those that are points. Whatever OpenSSL rejects is nil, as in Prosody.
 */

/** OpenSSL's short names of the key types that `node:crypto` knows. */
const TYPE_NAMES: Record<string, string> = {
	"ec": "id-ecPublicKey", "ed25519": "ED25519", "ed448": "ED448", "x25519": "X25519", "x448": "X448",
	"rsa": "rsaEncryption", "rsa-pss": "RSASSA-PSS", "dsa": "dsaEncryption", "dh": "dhKeyAgreement",
};

/** What precedes the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const ED25519_PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** A key as `util.crypto` keeps it. */
export interface Key {
	/** Made when it is asked for: one that only takes part in a key exchange can do without. */
	readonly handle: KeyObject;
	readonly isPrivate: boolean;
	/** OpenSSL's name of the key's type. */
	readonly type: string;
	/**
	 * What signing and verifying hold against the type they want. Prosody notes the curve for a generated P-256 key,
	 * so that ECDSA refuses such a key until it has been exported and imported.
	 */
	readonly checkedType: string;
	/** The public key as bytes: an uncompressed point, or what RFC 8032 and RFC 7748 encode; nil for RSA. */
	readonly publicRaw: Buffer | undefined;
	/** The secret shared with another key. Throws if there is none, such as with one on another curve. */
	derive(peer: Key): Buffer;
}

/** The result, or nil if the operation throws. */
export function nilIfRejected<Result>(operation: () => Result): Result | undefined {
	try {
		return operation();
	} catch {
		return undefined;
	}
}

/** A key of any type. */
class ImportedKey implements Key {
	readonly type: string;
	#publicRaw: { readonly bytes: Buffer | undefined } | undefined;

	constructor(readonly handle: KeyObject) {
		this.type = TYPE_NAMES[handle.asymmetricKeyType ?? ""] ?? "UNDEF";
	}

	get checkedType(): string {
		return this.type;
	}

	get isPrivate(): boolean {
		return this.handle.type === "private";
	}

	get publicRaw(): Buffer | undefined {
		this.#publicRaw ??= { bytes: exportRaw(publicHalf(this)) };
		return this.#publicRaw.bytes;
	}

	derive(peer: Key): Buffer {
		return diffieHellman({ privateKey: this.handle, publicKey: publicHalf(peer) });
	}
}

function exportRaw(handle: KeyObject): Buffer | undefined {
	const { kty, x, y } = handle.export({ format: "jwk" });
	if (kty === "OKP") return Buffer.from(x!, "base64url");
	if (kty !== "EC") return undefined;
	return Buffer.concat([Uint8Array.of(4), Buffer.from(x!, "base64url"), Buffer.from(y!, "base64url")]);
}

export function importPrivatePem(pem: Uint8Array): Key | undefined {
	return nilIfRejected(() => new ImportedKey(createPrivateKey({ key: Buffer.from(pem), format: "pem" })));
}

/** Takes public keys only, although a private key or a certificate holds one too. */
export function importPublicPem(pem: Uint8Array): Key | undefined {
	if (!/-----BEGIN (RSA )?PUBLIC KEY-----/.test(Buffer.from(pem).toString("latin1"))) return undefined;
	return nilIfRejected(() => new ImportedKey(createPublicKey({ key: Buffer.from(pem), format: "pem" })));
}

/** A private key from the machine's randomness, the same in every run. */
export function generateEd25519(machine: Machine): Key {
	const der = Buffer.concat([ED25519_PKCS8_PREFIX, machine.random_bytes(32)]);
	return new ImportedKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
}

/** The public half of a key of either kind. */
export function publicHalf({ handle, isPrivate }: Key): KeyObject {
	return isPrivate ? createPublicKey(handle) : handle;
}

export function privatePem({ handle }: Key): string {
	return handle.export({ format: "pem", type: "pkcs8" }) as string;
}

export function publicPem(key: Key): string {
	return publicHalf(key).export({ format: "pem", type: "spki" }) as string;
}
