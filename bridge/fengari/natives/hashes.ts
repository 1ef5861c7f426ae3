import { createHash, createHmac, hkdfSync, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import { lua, lauxlib, type lua_CFunction } from "fengari";
import type { Library } from "./library";
import { checkBytes, pushBoolean, pushBytes, pushText, raise, raiseArgumentError } from "./library";

/** Names in `util.hashes`, and the same algorithm's name in OpenSSL. */
const ALGORITHMS = {
	md5: "md5", sha1: "sha1", sha224: "sha224", sha256: "sha256", sha384: "sha384", sha512: "sha512",
	sha3_256: "sha3-256", sha3_512: "sha3-512", blake2s256: "blake2s256", blake2b512: "blake2b512",
} as const;

/** Prosody's own limit on what HKDF gives at a time. */
const HKDF_LIMIT = 256;

/** `hash(data, hex)` */
function hashFunction(algorithm: string): lua_CFunction {
	return (L) => {
		const digest = createHash(algorithm).update(checkBytes(L, 1)).digest();
		return lua.lua_toboolean(L, 2) ? pushText(L, digest.toString("hex")) : pushBytes(L, digest);
	};
}

/** `hmac(key, data, hex)` */
function hmacFunction(algorithm: string): lua_CFunction {
	return (L) => {
		const digest = createHmac(algorithm, checkBytes(L, 1)).update(checkBytes(L, 2)).digest();
		return lua.lua_toboolean(L, 3) ? pushText(L, digest.toString("hex")) : pushBytes(L, digest);
	};
}

/** `pbkdf2(password, salt, iterations)` */
function pbkdf2Function(algorithm: string, length: number): lua_CFunction {
	return (L) => {
		const password = checkBytes(L, 1);
		const salt = checkBytes(L, 2);
		const iterations = lauxlib.luaL_checkinteger(L, 3);
		if (iterations < 1) return raiseArgumentError(L, 3, "at least one iteration expected");
		return pushBytes(L, pbkdf2Sync(password, salt, iterations, length, algorithm));
	};
}

/** `hkdf(length, input, salt, info)`, RFC 5869; `salt` may be nil */
function hkdfFunction(algorithm: string): lua_CFunction {
	return (L) => {
		const length = lauxlib.luaL_checkinteger(L, 1);
		const input = checkBytes(L, 2);
		const salt = lua.lua_isnoneornil(L, 3) ? new Uint8Array() : checkBytes(L, 3);
		const info = checkBytes(L, 4);
		if (length < 0 || length > HKDF_LIMIT) {
			return raise(L, `desired output length ${length} exceeds internal limit ${HKDF_LIMIT}`);
		}
		return pushBytes(L, new Uint8Array(hkdfSync(algorithm, input, salt, info, length)));
	};
}

const digests = Object.fromEntries(Object.entries(ALGORITHMS).flatMap(([name, algorithm]) => [
	[name, hashFunction(algorithm)],
	[`hmac_${name}`, hmacFunction(algorithm)],
]));

/** `util.hashes`, with all that 0.12 and 13.0 have. */
export const hashes: Library = {
	...digests,
	pbkdf2_hmac_sha1: pbkdf2Function("sha1", 20),
	pbkdf2_hmac_sha256: pbkdf2Function("sha256", 32),
	scram_Hi_sha1: pbkdf2Function("sha1", 20),
	hkdf_hmac_sha256: hkdfFunction("sha256"),
	hkdf_hmac_sha384: hkdfFunction("sha384"),
	equals: (L) => {
		const left = checkBytes(L, 1);
		const right = checkBytes(L, 2);
		return pushBoolean(L, left.length === right.length && timingSafeEqual(left, right));
	},
};
