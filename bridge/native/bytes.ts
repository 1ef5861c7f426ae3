import { isUtf8 } from "node:buffer";

/**
 * Text of these bytes, losslessly: UTF-8 becomes the characters it stands for, and each byte that is not part of valid
 * UTF-8 (RFC 3629) becomes the lone surrogate U+DC00 + byte, U+DC80 to U+DCFF.
 */
export function bytesToText(bytes: Uint8Array): string {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return isUtf8(buffer) ? buffer.toString("utf8") : mixedBytesToText(buffer);
}

/**
 * The bytes that this text stands for: the reverse of `bytesToText`. Surrogates that stand for no byte come out as
 * UTF-8 would encode them if it could, so that nothing takes them for valid text.
 */
export function textToBytes(text: string): Buffer {
	return hasLoneSurrogate(text) ? mixedTextToBytes(text) : Buffer.from(text, "utf8");
}

/** Whether the text has a surrogate outside of a pair: what is no valid UTF-8 in Lua. */
export function hasLoneSurrogate(text: string): boolean {
	return /\p{Surrogate}/u.test(text);
}

/** Length of the UTF-8 sequence that starts at `at`; 0 if none does. */
function sequenceLength(bytes: Buffer, at: number): number {
	const first = bytes[at]!;
	const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
	return length > 0 && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

function mixedBytesToText(bytes: Buffer): string {
	let text = "";
	let valid = 0;
	for (let at = 0; at < bytes.length;) {
		const length = sequenceLength(bytes, at);
		if (length > 0) {
			at += length;
			continue;
		}
		text += bytes.toString("utf8", valid, at) + String.fromCharCode(0xdc00 + bytes[at]!);
		at += 1;
		valid = at;
	}
	return text + bytes.toString("utf8", valid);
}

function mixedTextToBytes(text: string): Buffer {
	const parts: Buffer[] = [];
	let valid = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.codePointAt(at)!;
		if (code > 0xffff) at++;
		if (code < 0xd800 || code > 0xdfff) continue;
		parts.push(Buffer.from(text.slice(valid, at), "utf8"), surrogateToBytes(code));
		valid = at + 1;
	}
	parts.push(Buffer.from(text.slice(valid), "utf8"));
	return Buffer.concat(parts);
}

function surrogateToBytes(code: number): Buffer {
	if (code >= 0xdc80 && code <= 0xdcff) return Buffer.from([code - 0xdc00]);
	return Buffer.from([0xe0 | code >> 12, 0x80 | code >> 6 & 0x3f, 0x80 | code & 0x3f]);
}
