import { constants, createCipheriv, createDecipheriv, sign, verify } from "node:crypto";
import type { CipherGCMTypes, DecipherGCM, CipherGCM } from "node:crypto";
import { lua, lauxlib, type lua_CFunction, type lua_State } from "fengari";
import type { Key } from "../../native/keys";
import type { Library } from "./library";
import type { Machine } from "../../api";
import { generateP256, importPublicEcRaw } from "../../native/elliptic";
import { buildEcdsaSignature, parseEcdsaSignature } from "../../native/ecdsa-signature";
import { ObjectType } from "./object-type";
import { checkBytes, pushBoolean, pushBytes, pushNil, pushText, raise, raiseArgumentError } from "./library";
import {
	generateEd25519, importPrivatePem, importPublicPem, privatePem, publicHalf, publicPem,
} from "../../native/keys";

/** The longest number in a signature, of P-521. */
const SIGNATURE_NUMBER_LIMIT = 66;

function checkTypedKey(L: lua_State, argument: number, type: string): Key {
	const key = keys.check(L, argument);
	if (key.checkedType !== type) {
		return raiseArgumentError(
			L, argument, `unexpected key type: got '${key.checkedType}', expected '${type}'`,
		);
	}
	return key;
}

function checkPrivateKey(L: lua_State, argument: number, key: Key): Key {
	if (!key.isPrivate) return raiseArgumentError(L, argument, "private key expected, got public key only");
	return key;
}

function derive(L: lua_State): number {
	const key = keys.check(L, 1);
	const peer = keys.check(L, 2);
	let secret: Buffer;
	try {
		secret = key.derive(peer);
	} catch {
		return raise(L, "pkey:derive failed");
	}
	return pushBytes(L, secret);
}

const KEY_METHODS: Library = {
	private_pem: (L) => pushText(L, privatePem(checkPrivateKey(L, 1, keys.check(L, 1)))),
	public_pem: (L) => pushText(L, publicPem(keys.check(L, 1))),
	public_raw: (L) => {
		const { publicRaw } = keys.check(L, 1);
		return publicRaw === undefined ? pushNil(L) : pushBytes(L, publicRaw);
	},
	get_type: (L) => pushText(L, keys.check(L, 1).type),
	derive,
};

const keys = new ObjectType<Key>("util.crypto key", KEY_METHODS);

interface SignatureScheme {
	/** The type of key that it takes. */
	keyType: string;
	/** Absent where the scheme has its own. */
	digest?: string;
	padding?: number;
}

/** `sign(private_key, message)` */
function signFunction(scheme: SignatureScheme): lua_CFunction {
	return (L) => {
		const key = checkPrivateKey(L, 1, checkTypedKey(L, 1, scheme.keyType));
		const how = { key: key.handle, padding: scheme.padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
		return pushBytes(L, sign(scheme.digest, checkBytes(L, 2), how));
	};
}

/** `verify(key, message, signature)`: nil for what is no signature at all */
function verifyFunction(scheme: SignatureScheme): lua_CFunction {
	return (L) => {
		const key = checkTypedKey(L, 1, scheme.keyType);
		const message = checkBytes(L, 2);
		const signature = checkBytes(L, 3);
		if (scheme.keyType === "id-ecPublicKey" && !parseEcdsaSignature(signature)) return pushNil(L);
		const how = { key: publicHalf(key), padding: scheme.padding, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
		return pushBoolean(L, verify(scheme.digest, message, how, signature));
	};
}

function signatureSchemes(): Library {
	const schemes: Record<string, SignatureScheme> = { ed25519: { keyType: "ED25519" } };
	for (const digest of ["sha256", "sha384", "sha512"]) {
		schemes[`ecdsa_${digest}`] = { keyType: "id-ecPublicKey", digest };
		schemes[`rsassa_pkcs1_${digest}`] = {
			keyType: "rsaEncryption", digest, padding: constants.RSA_PKCS1_PADDING,
		};
		schemes[`rsassa_pss_${digest}`] = {
			keyType: "rsaEncryption", digest, padding: constants.RSA_PKCS1_PSS_PADDING,
		};
	}
	return Object.fromEntries(Object.entries(schemes).flatMap(([name, scheme]) => [
		[`${name}_sign`, signFunction(scheme)],
		[`${name}_verify`, verifyFunction(scheme)],
	]));
}

interface CipherScheme {
	algorithm: string;
	keyLength: number;
	ivLength: number;
	/** Length of the tag that stands after the ciphertext; 0 for a mode that has none. */
	tagLength: number;
}

interface CipherArguments {
	key: Uint8Array;
	iv: Uint8Array;
	data: Uint8Array;
}

function checkCipherArguments(L: lua_State, scheme: CipherScheme): CipherArguments {
	const given = { key: checkBytes(L, 1), iv: checkBytes(L, 2), data: checkBytes(L, 3) };
	if (given.key.length !== scheme.keyLength) return raise(L, `key must be ${scheme.keyLength} bytes`);
	if (given.iv.length !== scheme.ivLength) return raise(L, `iv must be ${scheme.ivLength} bytes`);
	return given;
}

function checkArgumentCount(L: lua_State): void {
	if (lua.lua_gettop(L) > 3) raise(L, `Expected 3 arguments, got ${lua.lua_gettop(L)}`);
}

/** `encrypt(key, iv, plaintext)` */
function encryptFunction(scheme: CipherScheme): lua_CFunction {
	return (L) => {
		const { key, iv, data } = checkCipherArguments(L, scheme);
		checkArgumentCount(L);
		const cipher = createCipheriv(scheme.algorithm as CipherGCMTypes, key, iv) as CipherGCM;
		const ciphertext = [cipher.update(data), cipher.final()];
		if (scheme.tagLength > 0) ciphertext.push(cipher.getAuthTag());
		return pushBytes(L, Buffer.concat(ciphertext));
	};
}

/** `decrypt(key, iv, ciphertext)`: nil and `verify-failed` if the tag is wrong */
function decryptFunction(scheme: CipherScheme): lua_CFunction {
	return (L) => {
		const { key, iv, data } = checkCipherArguments(L, scheme);
		if (data.length <= scheme.tagLength) {
			return raise(L, `ciphertext must be at least ${scheme.tagLength} bytes (including tag)`);
		}
		checkArgumentCount(L);
		const tagStart = data.length - scheme.tagLength;
		const decipher = createDecipheriv(scheme.algorithm as CipherGCMTypes, key, iv) as DecipherGCM;
		if (scheme.tagLength > 0) decipher.setAuthTag(data.subarray(tagStart));
		const plaintext = decipher.update(data.subarray(0, tagStart));
		try {
			decipher.final();
		} catch {
			pushNil(L);
			pushText(L, "verify-failed");
			return 2;
		}
		return pushBytes(L, plaintext);
	};
}

const CIPHERS: Record<string, CipherScheme> = {
	aes_128_gcm: { algorithm: "aes-128-gcm", keyLength: 16, ivLength: 12, tagLength: 16 },
	aes_256_gcm: { algorithm: "aes-256-gcm", keyLength: 32, ivLength: 12, tagLength: 16 },
	aes_256_ctr: { algorithm: "aes-256-ctr", keyLength: 32, ivLength: 16, tagLength: 0 },
};

function ciphers(): Library {
	return Object.fromEntries(Object.entries(CIPHERS).flatMap(([name, scheme]) => [
		[`${name}_encrypt`, encryptFunction(scheme)],
		[`${name}_decrypt`, decryptFunction(scheme)],
	]));
}

/** `r, s = parse_ecdsa_signature(der, length)`: both numbers padded to that length */
function parseSignature(L: lua_State): number {
	const der = checkBytes(L, 1);
	const length = lauxlib.luaL_checkinteger(L, 2);
	if (length < 0 || length > SIGNATURE_NUMBER_LIMIT) {
		return raise(L, "requested signature size exceeds supported limit");
	}
	const signature = parseEcdsaSignature(der);
	if (!signature) return pushNil(L);
	for (const number of [signature.r, signature.s]) {
		if (number.length > length) return raise(L, "encoded integers exceed requested size");
		pushBytes(L, Buffer.concat([Buffer.alloc(length - number.length), number]));
	}
	return 2;
}

/** `der = build_ecdsa_signature(r, s)` */
function buildSignature(L: lua_State): number {
	const [r, s] = [checkBytes(L, 1), checkBytes(L, 2)];
	if (Math.max(r.length, s.length) > SIGNATURE_NUMBER_LIMIT) {
		return raise(L, `numbers of a signature are at most ${SIGNATURE_NUMBER_LIMIT} bytes long`);
	}
	return pushBytes(L, buildEcdsaSignature({ r, s }));
}

/** `util.crypto` of Prosody 13.0. */
export function createCrypto(machine: Machine): Library {
	return {
		...signatureSchemes(),
		...ciphers(),
		generate_ed25519_keypair: (L) => keys.push(L, generateEd25519(machine)),
		generate_p256_keypair: (L) => keys.push(L, generateP256(machine)),
		import_private_pem: (L) => keys.push(L, importPrivatePem(checkBytes(L, 1))),
		import_public_pem: (L) => keys.push(L, importPublicPem(checkBytes(L, 1))),
		import_public_ec_raw: (L) => {
			return keys.push(L, importPublicEcRaw(checkBytes(L, 1), Buffer.from(checkBytes(L, 2)).toString("latin1")));
		},
		parse_ecdsa_signature: parseSignature,
		build_ecdsa_signature: buildSignature,
	};
}
