import { decrypt } from "http_ece";
import { isUtf8 } from "node:buffer";
import { POINT_LENGTH, UNCOMPRESSED } from "./server-key";
import { Refusal } from "./refusal";
import type { ClientKeys } from "../scenario/client-keys";

/** Bytes that a service must take (RFC 8030, 7.2), and none takes more. */
export const LARGEST_BODY = 4096;

/** The header of a body (RFC 8188, 2.1): salt, record size, the length of the key, the key. */
const RECORD_SIZE_AT = 16;
const KEY_LENGTH_AT = 20;
const KEY_AT = 21;
/** Bytes that every record has: the delimiter of the padding, and the tag. */
const LEAST_RECORD = 17;

/**
 * Looks at a body, which may be empty, as far as a service can that does not know the browser's keys.
 * @throws Refusal
 */
export function checkBody(body: Buffer, encoding: string | undefined): void {
	if (body.length > LARGEST_BODY) throw new Refusal(413, `body: more than ${LARGEST_BODY} bytes`);
	if (body.length === 0) {
		if (encoding !== undefined) throw new Refusal(400, "Content-Encoding without a body");
		return;
	}
	if (encoding !== "aes128gcm") throw new Refusal(400, "Content-Encoding: expected aes128gcm");
	const record = body.length - KEY_AT - POINT_LENGTH;
	if (record < LEAST_RECORD) throw new Refusal(400, "body: too short for aes128gcm");
	if (body[KEY_LENGTH_AT] !== POINT_LENGTH || body[KEY_AT] !== UNCOMPRESSED) {
		throw new Refusal(400, "body: no key of the sender, an uncompressed point on P-256");
	}
	if (body.readUInt32BE(RECORD_SIZE_AT) <= record) throw new Refusal(400, "body: more than a single record");
}

/**
 * What a browser with these keys reads in a body: JSON, the text if it is none, its bytes in base64 if it is no text either.
 * @returns undefined if it cannot decrypt it, or there is nothing to decrypt
 */
export function readBody(body: Buffer, { receiving, auth_secret }: ClientKeys): { payload: unknown } | undefined {
	let bytes: Buffer;
	try {
		bytes = decrypt(body, { version: "aes128gcm", privateKey: receiving, authSecret: auth_secret });
	} catch {
		// For another browser, or damaged: which, nobody can tell.
		return undefined;
	}
	if (!isUtf8(bytes)) return { payload: `not UTF-8: ${bytes.toString("base64")}` };
	const text = bytes.toString();
	try {
		return { payload: JSON.parse(text) as unknown };
	} catch {
		return { payload: text };
	}
}
