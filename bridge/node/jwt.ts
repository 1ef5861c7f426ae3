import { constants, createHmac, sign as signBytes, timingSafeEqual, verify as verifyBytes } from "node:crypto";
import type { Clock } from "../api/host";
import type { JwtAlgorithm, JwtLibrary, JwtSigner, JwtVerifier } from "../api/libraries";
import type { Table } from "./table";
import { bytesToText, textToBytes } from "../native/bytes";
import { importPrivatePem, importPublicPem, type Key } from "../native/keys";
import { isTable } from "./table";
import { jsonLibrary } from "./json";
import { multi } from "./multi";

const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_AUTO, RSA_PSS_SALTLEN_DIGEST } = constants;

/** How long a token is good for unless it is said, in seconds. */
const DEFAULT_TTL = 3600;

/** Signs and verifies with a key that it has. */
interface Signatures {
	sign(signed: string): Buffer;
	verify(signed: string, signature: Buffer): boolean;
}

/** An algorithm makes them of a key as text; it throws for what is no key of its own. */
interface Algorithm {
	load_private(key: string): Signatures;
	load_public(key: string): Signatures;
}

type Verified = LuaMultiReturn<[boolean | undefined, unknown]>;

function hmac(digest: string): Algorithm {
	const load = (secret: string): Signatures => {
		if (typeof secret !== "string") throw new Error("key must be string (long, random, secure)");
		const key = textToBytes(secret);
		const sign = (signed: string): Buffer => createHmac(digest, key).update(signed).digest();
		return {
			sign,
			verify(signed, signature) {
				const expected = sign(signed);
				return expected.length === signature.length && timingSafeEqual(expected, signature);
			},
		};
	};
	return { load_private: load, load_public: load };
}

/** @param numberLength how long each of the two numbers of an ECDSA signature is (RFC 7518, 3.4) */
function keyPair(
	type: string, digest: string, options: { padding?: number; dsaEncoding?: "ieee-p1363" }, numberLength?: number,
): Algorithm {
	const fits = (signature: Buffer): boolean => numberLength === undefined || signature.length === 2 * numberLength;
	const load = (key: Key | undefined): Signatures => {
		if (key === undefined) throw new Error("the key is not one in PEM");
		if (key.type !== type) throw new Error("incorrect key type");
		const { handle } = key;
		return {
			sign(signed) {
				const how = { key: handle, saltLength: RSA_PSS_SALTLEN_DIGEST, ...options };
				const signature = signBytes(digest, Buffer.from(signed), how);
				if (!fits(signature)) throw new Error("the key is on another curve than the algorithm");
				return signature;
			},
			verify(signed, signature) {
				const how = { key: handle, saltLength: RSA_PSS_SALTLEN_AUTO, ...options };
				return fits(signature) && verifyBytes(digest, Buffer.from(signed), how, signature);
			},
		};
	};
	return {
		load_private: (key) => load(importPrivatePem(textToBytes(key))),
		load_public: (key) => load(importPublicPem(textToBytes(key))),
	};
}

const ecdsa = (bits: string, numberLength: number): Algorithm =>
	keyPair("id-ecPublicKey", `sha${bits}`, { dsaEncoding: "ieee-p1363" }, numberLength);
const rsa = (bits: string, padding: number): Algorithm => keyPair("rsaEncryption", `sha${bits}`, { padding });

const ALGORITHMS: Record<JwtAlgorithm, Algorithm> = {
	HS256: hmac("sha256"), HS384: hmac("sha384"), HS512: hmac("sha512"),
	ES256: ecdsa("256", 32), ES512: ecdsa("512", 66),
	RS256: rsa("256", RSA_PKCS1_PADDING), RS384: rsa("384", RSA_PKCS1_PADDING), RS512: rsa("512", RSA_PKCS1_PADDING),
	PS256: rsa("256", RSA_PKCS1_PSS_PADDING), PS384: rsa("384", RSA_PKCS1_PSS_PADDING),
	PS512: rsa("512", RSA_PKCS1_PSS_PADDING),
};

function expectAlgorithm(name: string): Algorithm {
	if (!Object.hasOwn(ALGORITHMS, name)) throw new Error(`Unknown JWT algorithm: ${name}`);
	return ALGORITHMS[name as JwtAlgorithm];
}

function encodePart(text: string): string {
	return textToBytes(text).toString("base64url");
}

function decodePart(part: string): unknown {
	const [value] = jsonLibrary.decode(bytesToText(Buffer.from(part, "base64url")));
	return value;
}

function signWith(name: JwtAlgorithm, signatures: Signatures, payload: Record<string, unknown>): string {
	const header = `{"alg":"${name}","typ":"JWT"}`;
	const signed = `${encodePart(header)}.${encodePart(jsonLibrary.encode(payload))}`;
	return `${signed}.${signatures.sign(signed).toString("base64url")}`;
}

function verifyWith(name: JwtAlgorithm, signatures: Signatures, token: string): Verified {
	const match = /^(([\w-]+)\.([\w-]+))\.([\w-]+)$/.exec(token);
	if (match === null) return multi(undefined, "invalid-encoding");
	const [, signed, header, payload, signature] = match as unknown as [string, string, string, string, string];
	const fields = decodePart(header);
	if (!isTable(fields)) return multi(undefined, "invalid-header");
	if (fields.alg !== name) return multi(undefined, "unsupported-algorithm");
	const bytes = Buffer.from(signature, "base64url");
	// Other spellings of the same bytes are no signature: a token has one form.
	if (bytes.toString("base64url") !== signature || !signatures.verify(signed, bytes)) {
		return multi(false, "signature-mismatch");
	}
	const data = decodePart(payload);
	return data === undefined ? multi(undefined, "json-decode-error") : multi(true, data);
}

/** `util.jwt` (RFC 7515, RFC 7518, RFC 7519). */
export function createJwt(clock: Clock): JwtLibrary {
	const now = (): number => Math.floor(clock.now());

	function new_signer(name: JwtAlgorithm, key: string, options: { default_ttl?: number } = {}): JwtSigner {
		const signatures = expectAlgorithm(name).load_private(key);
		const { default_ttl = DEFAULT_TTL } = options;
		return (payload) => {
			payload.iat ??= now();
			payload.exp ??= now() + default_ttl;
			return signWith(name, signatures, payload);
		};
	}

	function new_verifier(
		name: JwtAlgorithm, key: string, options: Parameters<JwtLibrary["new_verifier"]>[2] = {},
	): JwtVerifier {
		const signatures = expectAlgorithm(name).load_public(key);
		return (token) => {
			const [ok, payload] = verifyWith(name, signatures, token);
			if (ok !== true) return multi(ok, payload);
			if (!isTable(payload) && !Array.isArray(payload)) return multi(undefined, "invalid-payload-type");
			const { exp } = payload as Table<unknown>;
			if (exp !== undefined && options.accept_expired !== true) {
				if (typeof exp !== "number") return multi(undefined, "invalid-expiry");
				if (exp < now()) return multi(undefined, "token-expired");
			}
			if (options.claim_verifier?.(payload as Table<unknown>) === false) return multi(undefined, "incorrect-claims");
			return multi(true, payload);
		};
	}

	return {
		sign: (secret, payload) => signWith("HS256", ALGORITHMS.HS256.load_private(secret), payload),
		verify: (secret, token) => verifyWith("HS256", ALGORITHMS.HS256.load_public(secret), token),
		new_signer,
		new_verifier,
	};
}
