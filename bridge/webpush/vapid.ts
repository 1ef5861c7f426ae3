import { fromBase64url } from "./base64url";
import { readServerKey } from "./server-key";
import { Refusal } from "./refusal";
import { verify } from "node:crypto";

/** Seconds that a token may be good for (RFC 8292, 2). */
const LONGEST_LIFE = 24 * 60 * 60;
/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE = 1;
/** Bytes of an ES256 signature (RFC 7518, 3.4). */
const SIGNATURE_LENGTH = 64;
/** What a contact may be: the URIs that RFC 8292 (2.1) names, and an XMPP address (RFC 5122). */
const CONTACT = /^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/[^\s/]+\S*|xmpp:\S+)$/;

/** What the `Authorization` of a request says that was signed as it should be. */
export interface Vapid {
	/** The server's public key, base64url. */
	key: string;
	claims: Record<string, unknown>;
}

export interface VapidExpectations {
	/** The origin of the endpoint. */
	audience: string;
	/** The key that the subscription was made with; any if undefined. */
	key: string | undefined;
	/** Seconds since the epoch. */
	now: number;
}

/**
 * Reads an `Authorization` header (RFC 8292) as a push service does.
 * @throws Refusal with 401 if there is nothing to check, 403 if that is wrong
 */
export function checkVapid(header: string | undefined, { audience, key, now }: VapidExpectations): Vapid {
	if (header === undefined) throw new Refusal(401, "no Authorization");
	const { token, publicKey } = readHeader(header);
	const claims = readSigned(token, publicKey);
	if (key !== undefined && publicKey !== key) throw new Refusal(403, "Authorization: another key than that of the subscription");
	const { aud, exp, iat, sub } = claims;
	if (aud !== audience) throw new Refusal(403, `Authorization: aud is ${JSON.stringify(aud)}, expected ${JSON.stringify(audience)}`);
	if (typeof exp !== "number") throw new Refusal(403, "Authorization: exp is no number");
	if (exp <= now) throw new Refusal(403, "Authorization: exp has passed");
	if (exp > now + LONGEST_LIFE) throw new Refusal(403, "Authorization: exp is more than 24 hours ahead");
	if (iat !== undefined && !(typeof iat === "number" && iat <= now + CLOCK_TOLERANCE)) {
		throw new Refusal(403, "Authorization: iat is no time that has come");
	}
	if (typeof sub !== "string" || !CONTACT.test(sub)) {
		throw new Refusal(403, `Authorization: sub is ${JSON.stringify(sub)}, expected a contact (mailto:, https: or xmpp:)`);
	}
	return { key: publicKey, claims };
}

/** `vapid t=TOKEN, k=KEY`, in any order, with whatever parameters more. */
function readHeader(header: string): { token: string; publicKey: string } {
	const parameters = /^vapid +(.+)$/i.exec(header)?.[1]!.split(",").map((part) => /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(part)) ?? [];
	const [token, ...moreTokens] = parameters.filter((part) => part?.[1] === "t").map((part) => part![2]!);
	const [publicKey, ...moreKeys] = parameters.filter((part) => part?.[1] === "k").map((part) => part![2]!);
	if (token === undefined || publicKey === undefined || moreTokens.length + moreKeys.length > 0) {
		throw new Refusal(401, "Authorization: expected vapid t=TOKEN, k=KEY");
	}
	return { token, publicKey };
}

/** The claims of a token that this key signed (RFC 7515). */
function readSigned(token: string, publicKey: string): Record<string, unknown> {
	const key = readServerKey(publicKey);
	if (!key) throw new Refusal(403, "Authorization: k is no point on P-256, uncompressed, in base64url");
	const parts = token.split(".");
	const [header, claims, signature] = parts.map(fromBase64url);
	if (parts.length !== 3 || !header || !claims || !signature) throw new Refusal(403, "Authorization: t is no token");
	const { alg, typ, crit } = readObject(header);
	// Of what must be understood (RFC 7515, 4.1.11), nothing is.
	if (alg !== "ES256" || (typ !== undefined && typ !== "JWT") || crit !== undefined) {
		throw new Refusal(403, "Authorization: the token's header is not of a JWT signed with ES256");
	}
	const signed = Buffer.from(token.slice(0, token.lastIndexOf(".")));
	const isGenuine = signature.length === SIGNATURE_LENGTH
		&& verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, signature);
	if (!isGenuine) throw new Refusal(403, "Authorization: k did not sign t");
	return readObject(claims);
}

function readObject(bytes: Buffer): Record<string, unknown> {
	let data: unknown;
	try {
		data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch {
		// Said below.
	}
	if (typeof data !== "object" || data === null || Array.isArray(data)) {
		throw new Refusal(403, "Authorization: a part of the token is no JSON object");
	}
	return data as Record<string, unknown>;
}
