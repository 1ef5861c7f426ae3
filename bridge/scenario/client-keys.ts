import { createECDH, createHash, createPrivateKey, type ECDH, type JsonWebKey } from "node:crypto";
import type { Character } from "./stage";

/** What a client needs to be sent encrypted notifications (Push 2.0); and a browser (Web Push), which signs nothing. */
export interface ClientKeys {
	/** The client's, or the browser's. */
	name: string;
	/** Reads what is encrypted for the client (RFC 8291). */
	receiving: ECDH;
	/** 16 bytes (RFC 8291). */
	auth_secret: Buffer;
	/** The server signs with it, as its push service knows the client by (RFC 8292). */
	signing: ECDH;
}

/** The keys of the client, or the browser, of this name: the same in every run. */
export function keysOf(name: string): ClientKeys {
	return {
		name,
		receiving: createKey(`receiving ${name}`),
		auth_secret: digest(`auth ${name}`).subarray(0, 16),
		signing: createKey(`signing ${name}`),
	};
}

/** The keys of the clients among these characters. */
export function keysOfClients(characters: readonly Character[]): ClientKeys[] {
	return characters.flatMap(({ kind, name }) => (kind === "client" ? [keysOf(name)] : []));
}

/** The private key as PKCS#8, in DER. */
export function pkcs8Of(key: ECDH): Buffer {
	// OpenSSL leaves out leading zeros, which a JWK must have.
	const d = key.getPrivateKey("hex").padStart(64, "0");
	const jwk = { ...jwkOf(key), d: Buffer.from(d, "hex").toString("base64url") };
	return createPrivateKey({ format: "jwk", key: jwk }).export({ format: "der", type: "pkcs8" });
}

/** The public key as a JWK (RFC 7517). */
export function jwkOf(key: ECDH): JsonWebKey {
	const point = key.getPublicKey();
	const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((bytes) => bytes.toString("base64url"));
	return { kty: "EC", crv: "P-256", x, y };
}

/** Throws for one name in 2^32, whose digest is not within the order of the curve. */
function createKey(seed: string): ECDH {
	const key = createECDH("prime256v1");
	key.setPrivateKey(digest(seed));
	return key;
}

function digest(text: string): Buffer {
	return createHash("sha256").update(`prosody-push ${text}`).digest();
}
