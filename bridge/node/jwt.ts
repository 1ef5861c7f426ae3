import { createHmac, timingSafeEqual } from "node:crypto";
import type { JwtLibrary } from "../api/libraries";
import { bytesToText, textToBytes } from "../native/bytes";
import { isTable } from "./table";
import { jsonLibrary } from "./json";
import { multi } from "./multi";

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url");

function signature(secret: string, signed: string): Buffer {
	return createHmac("sha256", textToBytes(secret)).update(signed).digest();
}

function decodePart(part: string): unknown {
	const [value] = jsonLibrary.decode(bytesToText(Buffer.from(part, "base64url")));
	return value;
}

function sign(secret: string, payload: Record<string, unknown>): string {
	const signed = `${HEADER}.${textToBytes(jsonLibrary.encode(payload)).toString("base64url")}`;
	return `${signed}.${signature(secret, signed).toString("base64url")}`;
}

function verify(secret: string, token: string): LuaMultiReturn<[boolean | undefined, unknown]> {
	const match = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token);
	if (match === null) return multi(undefined, "invalid-encoding");
	const [, header, payload, given] = match as unknown as [string, string, string, string];
	const fields = decodePart(header);
	if (!isTable(fields)) return multi(undefined, "invalid-header");
	if (fields.alg !== "HS256") return multi(undefined, "unsupported-algorithm");
	const expected = Buffer.from(signature(secret, `${header}.${payload}`).toString("base64url"));
	const actual = Buffer.from(given);
	if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
		return multi(false, "signature-mismatch");
	}
	const data = decodePart(payload);
	return data === undefined ? multi(undefined, "json-decode-error") : multi(true, data);
}

/** `util.jwt` with a shared secret (HS256, RFC 7518, 3.2). */
export const jwtLibrary: JwtLibrary = { sign, verify };
