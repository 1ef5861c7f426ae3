import type { Require } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";

/** Characters of base64 that 16 bytes take, two of them padding. */
const key_characters = 24;

/**
 * @param text base64, as Prosody's decoder takes it: with white space, too
 * @returns the key of AES-128, a byte string; nil if these are not 16 bytes
 */
export type KeyReader = (this: void, text: unknown) => string | undefined;

/** Reads keys as clients wrote them, and as they are stored, where others may have changed them. */
export function key_reader(require: Require): KeyReader {
	const { base64 } = require("util.encodings");
	const length = byte_length(require);

	return (text) => {
		if (typeof text !== "string") return undefined;
		const key = base64.decode(text);
		if (key === undefined) return undefined;
		// A byte string cannot be measured, but its base64 can.
		const encoded = base64.encode(key);
		return length(encoded) === key_characters && encoded.endsWith("==") ? key : undefined;
	};
}
