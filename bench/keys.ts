import { createECDH, createPrivateKey, type KeyObject } from "node:crypto";

/** A pair on P-256. */
export interface KeyPair {
	secret: Buffer;
	/** Uncompressed. */
	point: Buffer;
}

function keyPair(secret: number): KeyPair {
	const exchange = createECDH("prime256v1");
	exchange.setPrivateKey(Buffer.alloc(32, secret));
	return { secret: exchange.getPrivateKey(), point: exchange.getPublicKey() };
}

/** The keys of a client, which are the same in every run. */
export const CLIENT = { ...keyPair(1), auth: Buffer.alloc(16, 2) };
/** What a client's pushes are signed with. */
export const APPLICATION_SERVER = keyPair(3);

/** The private key of a pair. */
export function privateKeyOf({ secret, point }: KeyPair): KeyObject {
	const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((number) => number.toString("base64url"));
	return createPrivateKey({ key: { kty: "EC", crv: "P-256", d: secret.toString("base64url"), x, y }, format: "jwk" });
}
