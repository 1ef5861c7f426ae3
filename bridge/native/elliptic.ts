import type { KeyObject } from "node:crypto";
import { ECDH, createECDH, createPrivateKey, createPublicKey, diffieHellman } from "node:crypto";
import type { Machine } from "../api";
import { nilIfRejected, publicHalf, type Key } from "./keys";

/*
 * Keys for a key exchange: points on a curve, and generated pairs. A push makes one of each. They become no key objects
 * of `node:crypto`'s unless these are asked for: to make one takes half as long as all of the exchange.
 */

const P256 = "prime256v1";

/** Curves that a raw public key can be on, by the names that OpenSSL takes. */
const CURVES: Record<string, { name: string; jwk: string }> = {
	"P-256": { name: P256, jwk: "P-256" }, "prime256v1": { name: P256, jwk: "P-256" },
	"P-384": { name: "secp384r1", jwk: "P-384" }, "secp384r1": { name: "secp384r1", jwk: "P-384" },
	"P-521": { name: "secp521r1", jwk: "P-521" }, "secp521r1": { name: "secp521r1", jwk: "P-521" },
	"secp256k1": { name: "secp256k1", jwk: "secp256k1" },
};

/** The prime and the constant of P-256: y² = x³ - 3x + b (SP 800-186, 3.2.1.3). */
const P256_PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Whether this is an uncompressed point on P-256. Ten times as fast as to have OpenSSL take it. */
function isOnP256(point: Uint8Array): boolean {
	if (point.length !== 65 || point[0] !== 4) return false;
	const digits = Buffer.from(point.buffer, point.byteOffset, point.byteLength).toString("hex");
	const x = BigInt(`0x${digits.slice(2, 66)}`);
	const y = BigInt(`0x${digits.slice(66)}`);
	return x < P256_PRIME && y < P256_PRIME && (y * y - (x * x - 3n) * x - P256_B) % P256_PRIME === 0n;
}

function coordinates(point: Buffer): { x: string; y: string } {
	const middle = 1 + (point.length - 1) / 2;
	return { x: point.subarray(1, middle).toString("base64url"), y: point.subarray(middle).toString("base64url") };
}

/** A point on a curve: a public key. */
class Point implements Key {
	readonly type = "id-ecPublicKey";
	readonly checkedType = "id-ecPublicKey";
	readonly isPrivate = false;
	readonly #jwkCurve: string;
	#handle: KeyObject | undefined;

	/** @param publicRaw uncompressed, and on the curve */
	constructor(readonly publicRaw: Buffer, readonly curve: string, jwkCurve: string) {
		this.#jwkCurve = jwkCurve;
	}

	get handle(): KeyObject {
		return this.#handle ??= createPublicKey({
			key: { kty: "EC", crv: this.#jwkCurve, ...coordinates(this.publicRaw) }, format: "jwk",
		});
	}

	derive(): never {
		throw new Error("a public key derives nothing");
	}
}

/** One for all pairs, since making one takes as long as making a key. */
const exchange = createECDH(P256);
/** The secret that is in it. */
let exchanging: Buffer | undefined;

/** An exchange with this secret in it. Throws if that is no number of the group's. */
function exchangeWith(secret: Buffer): ECDH {
	if (exchanging !== secret) {
		exchanging = undefined;
		exchange.setPrivateKey(secret);
		exchanging = secret;
	}
	return exchange;
}

/** A generated key on P-256. */
class P256Pair implements Key {
	readonly type = "id-ecPublicKey";
	readonly checkedType = P256;
	readonly isPrivate = true;
	readonly publicRaw: Buffer;
	readonly #secret: Buffer;
	#handle: KeyObject | undefined;

	/** Throws if the secret is no number of the group's. */
	constructor(secret: Uint8Array) {
		this.#secret = Buffer.from(secret);
		this.publicRaw = exchangeWith(this.#secret).getPublicKey();
	}

	get handle(): KeyObject {
		return this.#handle ??= createPrivateKey({
			key: { kty: "EC", crv: "P-256", d: this.#secret.toString("base64url"), ...coordinates(this.publicRaw) },
			format: "jwk",
		});
	}

	derive(peer: Key): Buffer {
		const onP256 = peer instanceof P256Pair || peer instanceof Point && peer.curve === P256;
		if (onP256) return exchangeWith(this.#secret).computeSecret(peer.publicRaw);
		return diffieHellman({ privateKey: this.handle, publicKey: publicHalf(peer) });
	}
}

/**
 * @param point compressed or not (SEC 1, 2.3.3)
 * @param curve OpenSSL's or NIST's name
 */
export function importPublicEcRaw(point: Uint8Array, curve: string): Key | undefined {
	const known = Object.hasOwn(CURVES, curve) ? CURVES[curve] : undefined;
	if (!known) return undefined;
	if (known.name === P256 && isOnP256(point)) return new Point(Buffer.from(point), known.name, known.jwk);
	const uncompressed = nilIfRejected(() =>
		ECDH.convertKey(point, known.name, undefined, undefined, "uncompressed") as Buffer);
	// The point at infinity, a single byte, is on every curve and no key; nothing at all passes too.
	if (uncompressed === undefined || uncompressed.length <= 1) return undefined;
	return new Point(uncompressed, known.name, known.jwk);
}

/** A private key from the machine's randomness, the same in every run. */
export function generateP256(machine: Machine): Key {
	for (;;) {
		const secret = machine.random_bytes(32);
		const pair = nilIfRejected(() => new P256Pair(secret));
		// One number in 2^32 is none of the group's: then another is drawn.
		if (pair !== undefined) return pair;
	}
}
