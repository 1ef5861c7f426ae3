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

function mixedBytesToText(bytes: Uint8Array): string {
	let text = "";
	for (let at = 0; at < bytes.length;) {
		const first = bytes[at]!;
		const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
		const code = length > 1 ? sequenceAt(bytes, at, length) : first;
		if (length === 0 || code < 0) {
			text += String.fromCharCode(0xdc00 + first);
			at++;
		} else {
			text += code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
			at += length;
		}
	}
	return text;
}

/** The character that a sequence of two bytes or more stands for; -1 if it is none, or is not to be written so. */
function sequenceAt(bytes: Uint8Array, at: number, length: number): number {
	let code = bytes[at]! & 0xff >> length + 1;
	for (let next = at + 1; next < at + length; next++) {
		if ((bytes[next]! & 0xc0) !== 0x80) return -1;
		code = code << 6 | bytes[next]! & 0x3f;
	}
	if (length === 3) return code < 0x800 || code >= 0xd800 && code <= 0xdfff ? -1 : code;
	return length === 4 && (code < 0x10000 || code > 0x10ffff) ? -1 : code;
}

function mixedTextToBytes(text: string): Buffer {
	const bytes = Buffer.allocUnsafe(text.length * 3);
	let length = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.codePointAt(at)!;
		if (code >= 0xdc80 && code <= 0xdcff) {
			bytes[length++] = code - 0xdc00;
		} else if (code < 0x80) {
			bytes[length++] = code;
		} else if (code < 0x800) {
			bytes[length++] = 0xc0 | code >> 6;
			bytes[length++] = 0x80 | code & 0x3f;
		} else if (code < 0x10000) {
			bytes[length++] = 0xe0 | code >> 12;
			bytes[length++] = 0x80 | code >> 6 & 0x3f;
			bytes[length++] = 0x80 | code & 0x3f;
		} else {
			bytes[length++] = 0xf0 | code >> 18;
			bytes[length++] = 0x80 | code >> 12 & 0x3f;
			bytes[length++] = 0x80 | code >> 6 & 0x3f;
			bytes[length++] = 0x80 | code & 0x3f;
			at++;
		}
	}
	return bytes.subarray(0, length);
}
