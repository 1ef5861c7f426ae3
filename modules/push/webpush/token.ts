import type { CryptoLibrary, Require } from "../../../bridge/api";
import { key_reader } from "./keys";

/** Seconds for which a token is good: at most 24 hours (RFC 8292, 2). */
const lifetime = 12 * 3600;
/** Seconds for which a token must still be good when a push is sent for the last time: its service may use it late. */
const reserve = 3600;
/** A token is made anew no more often, in seconds, however long it may be needed. */
const shortest_use = 3600;
/** Seconds, from when a push is sent first, for which its token can be sure to do. */
export const longest_need = lifetime - shortest_use - reserve;
/** One for each key with its claims. With its name it takes some 2 KB, and 8 KB at most: claims and keys are bounded. */
const remembered_tokens = 5000;

/** The only algorithm of RFC 8292. A registration that upstream stored may have another one, for which there are no tokens. */
export const token_algorithm = "ES256";

/** Shows a push service who sends a push. */
export interface Token {
	/** A JWT in its compact form. */
	token: string;
	/** The public key that verifies it: an uncompressed point, in base64. */
	key: string;
}

interface RememberedToken extends Token {
	/** In seconds since the epoch. */
	expires: number;
}

export interface TokenOptions {
	/** `contact_uri`: where the operator of a push service finds ours. */
	contact_uri: string;
	/** Seconds for which a push that has the token may be sent again: `longest_need` or less, else it may expire before. */
	needed_for: number;
}

/** What a token is made of. */
export interface TokenContent {
	jwt_alg?: string;
	/** PKCS #8 in base64: a PEM file without its first and last line. */
	jwt_key?: string;
	jwt_claims?: Record<string, string | undefined>;
}

/** @returns nil if another algorithm than `token_algorithm` is wanted, or what is given is no key for that */
export type TokenMaker = (this: void, content: TokenContent) => Token | undefined;

/** Makes tokens of Voluntary Application Server Identification (RFC 8292), and uses them again while they are good. */
export function token_maker(
	require: Require, crypto: CryptoLibrary, { contact_uri, needed_for }: TokenOptions,
): TokenMaker {
	const jwt = require("util.jwt");
	const time = require("util.time");
	const keys = key_reader(require, crypto);
	const tokens = require("util.cache").new<RememberedToken>(remembered_tokens);
	const reusable = Math.min(Math.max(needed_for, 0), longest_need) + reserve;

	/** Differs wherever key or claims do. */
	const name_of = (jwt_key: string, claims: Record<string, string | undefined>): string => {
		const names: string[] = [];
		for (const name in claims) names.push(name);
		names.sort((a, b) => (a < b ? -1 : 1));
		const parts = [jwt_key];
		for (const name of names) parts.push(name, claims[name] ?? "");
		// What separates them is in none of them.
		return parts.map((part) => part.replaceAll("\\", "\\\\").replaceAll(",", "\\c")).join(",");
	};

	return ({ jwt_alg, jwt_key, jwt_claims = {} }) => {
		if (jwt_alg !== token_algorithm || jwt_key === undefined) return undefined;
		const now = Math.floor(time.now());
		const name = name_of(jwt_key, jwt_claims);
		const remembered = tokens.get(name);
		if (remembered !== undefined) {
			const left = remembered.expires - now;
			// More is left than there was where the clock was put back.
			if (left >= reusable && left <= lifetime) return remembered;
		}
		const signing_key = keys.signing_key(jwt_key);
		if (signing_key === undefined) return undefined;
		const expires = now + lifetime;
		const sign = jwt.new_signer(jwt_alg, signing_key.pem);
		// When and by whom is the server's to say, whatever a client claims.
		const token = sign({ ...jwt_claims, sub: contact_uri, iat: now, exp: expires });
		const made = { token, key: signing_key.public_base64, expires };
		tokens.set(name, made);
		return made;
	};
}
