import type { KeyObject } from "node:crypto";
import { ECDH, createECDH, createPrivateKey, createPublicKey } from "node:crypto";
import type { Machine } from "../api";

/*
 * The keys of `util.crypto`, on `node:crypto`. Whatever OpenSSL rejects is nil, as in Prosody.
 */

/** OpenSSL's short names of the key types that `node:crypto` knows. */
const TYPE_NAMES: Record<string, string> = {
	"ec": "id-ecPublicKey", "ed25519": "ED25519", "ed448": "ED448", "x25519": "X25519", "x448": "X448",
	"rsa": "rsaEncryption", "rsa-pss": "RSASSA-PSS", "dsa": "dsaEncryption", "dh": "dhKeyAgreement",
};

/** Curves that a raw public key can be on, by the names that OpenSSL takes. */
const CURVES: Record<string, { name: string; jwk: string }> = {
	"P-256": { name: "prime256v1", jwk: "P-256" }, "prime256v1": { name: "prime256v1", jwk: "P-256" },
	"P-384": { name: "secp384r1", jwk: "P-384" }, "secp384r1": { name: "secp384r1", jwk: "P-384" },
	"P-521": { name: "secp521r1", jwk: "P-521" }, "secp521r1": { name: "secp521r1", jwk: "P-521" },
	"secp256k1": { name: "secp256k1", jwk: "secp256k1" },
};

/** What precedes the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const ED25519_PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** A key as `util.crypto` keeps it. */
export interface Key {
	handle: KeyObject;
	/**
	 * What signing and verifying hold against the type they want. Prosody notes the curve for a generated P-256 key,
	 * so that ECDSA refuses such a key until it has been exported and imported.
	 */
	checkedType: string;
}

/** OpenSSL's name of the key's type. */
export function keyType({ asymmetricKeyType }: KeyObject): string {
	return TYPE_NAMES[asymmetricKeyType ?? ""] ?? "UNDEF";
}

function imported(handle: KeyObject): Key {
	return { handle, checkedType: keyType(handle) };
}

function nilIfRejected<Result>(operation: () => Result): Result | undefined {
	try {
		return operation();
	} catch {
		return undefined;
	}
}

export function importPrivatePem(pem: Uint8Array): Key | undefined {
	return nilIfRejected(() => imported(createPrivateKey({ key: Buffer.from(pem), format: "pem" })));
}

/** Takes public keys only, although a private key or a certificate holds one too. */
export function importPublicPem(pem: Uint8Array): Key | undefined {
	if (!/-----BEGIN (RSA )?PUBLIC KEY-----/.test(Buffer.from(pem).toString("latin1"))) return undefined;
	return nilIfRejected(() => imported(createPublicKey({ key: Buffer.from(pem), format: "pem" })));
}

/** A point, compressed or not (SEC 1, 2.3.3), as JWK's coordinates. */
function coordinates(point: Buffer): { x: string; y: string } {
	const middle = 1 + (point.length - 1) / 2;
	return { x: point.subarray(1, middle).toString("base64url"), y: point.subarray(middle).toString("base64url") };
}

/** @param curve OpenSSL's or NIST's name */
export function importPublicEcRaw(point: Uint8Array, curve: string): Key | undefined {
	const known = Object.hasOwn(CURVES, curve) ? CURVES[curve] : undefined;
	if (!known) return undefined;
	return nilIfRejected(() => {
		const uncompressed = ECDH.convertKey(point, known.name, undefined, undefined, "uncompressed") as Buffer;
		return imported(createPublicKey({
			key: { kty: "EC", crv: known.jwk, ...coordinates(uncompressed) }, format: "jwk",
		}));
	});
}

/** A private key from the machine's randomness, the same in every run. */
export function generateP256(machine: Machine): Key {
	const exchange = createECDH("prime256v1");
	// One number in 2^32 is none of the group's: then another is drawn.
	let secret: Buffer | undefined;
	while (secret === undefined) {
		const candidate = Buffer.from(machine.random_bytes(32));
		secret = nilIfRejected(() => {
			exchange.setPrivateKey(candidate);
			return candidate;
		});
	}
	const handle = createPrivateKey({
		key: {
			kty: "EC", crv: "P-256", d: secret.toString("base64url"), ...coordinates(exchange.getPublicKey()),
		},
		format: "jwk",
	});
	return { handle, checkedType: "prime256v1" };
}

/** A private key from the machine's randomness, the same in every run. */
export function generateEd25519(machine: Machine): Key {
	const der = Buffer.concat([ED25519_PKCS8_PREFIX, machine.random_bytes(32)]);
	return imported(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
}

export function isPrivate({ handle }: Key): boolean {
	return handle.type === "private";
}

/** The public half of a key of either kind. */
export function publicHalf(key: Key): KeyObject {
	return isPrivate(key) ? createPublicKey(key.handle) : key.handle;
}

/** The public key as bytes: an uncompressed point, or what RFC 8032 and RFC 7748 encode; nil for RSA. */
export function publicRaw(key: Key): Uint8Array | undefined {
	const { kty, x, y } = publicHalf(key).export({ format: "jwk" });
	if (kty === "OKP") return Buffer.from(x!, "base64url");
	if (kty !== "EC") return undefined;
	return Buffer.concat([Uint8Array.of(4), Buffer.from(x!, "base64url"), Buffer.from(y!, "base64url")]);
}

export function privatePem({ handle }: Key): string {
	return handle.export({ format: "pem", type: "pkcs8" }) as string;
}

export function publicPem(key: Key): string {
	return publicHalf(key).export({ format: "pem", type: "spki" }) as string;
}
