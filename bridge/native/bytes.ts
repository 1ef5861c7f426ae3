/// <reference lib="es2024.string" />
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
	return !text.isWellFormed();
}

// Ciphertexts come through here with every push. They leave a processor nothing to predict, so that what follows has as
// few branches for a byte as can be.

/** For a conversion under way: a large buffer takes longer to make than to fill. */
const scratch = Buffer.allocUnsafeSlow(0x8000);

function room(size: number): Buffer {
	return size <= scratch.length ? scratch : Buffer.allocUnsafe(size);
}

/** By byte: 1 for what starts a sequence of two bytes or more, and for what goes on with one. */
const starts = Uint8Array.from({ length: 256 }, (_, byte) => byte >= 0xc2 && byte <= 0xf4 ? 1 : 0);
const follows = Uint8Array.from({ length: 256 }, (_, byte) => (byte & 0xc0) === 0x80 ? 1 : 0);

/** By way of UTF-16, little-endian: a string that grows by each character takes several times as long. */
function mixedBytesToText(bytes: Uint8Array): string {
	const units = room(bytes.length * 2);
	const last = bytes.length - 1;
	let length = 0;
	for (let at = 0; at <= last; at++) {
		const first = bytes[at]!;
		// The last byte starts nothing that it follows itself.
		const next = bytes[at === last ? at : at + 1]!;
		let unit = first + 0xdc00 * (first >> 7);
		if ((starts[first]! & follows[next]!) !== 0) {
			const count = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
			const code = sequenceAt(bytes, at, count);
			if (code >= 0) {
				at += count - 1;
				unit = code;
				if (code > 0xffff) {
					const high = 0xd7c0 + (code >> 10);
					units[length] = high & 0xff;
					units[length + 1] = high >> 8;
					length += 2;
					unit = 0xdc00 | code & 0x3ff;
				}
			}
		}
		units[length] = unit & 0xff;
		units[length + 1] = unit >> 8;
		length += 2;
	}
	return units.toString("utf16le", 0, length);
}

/** The character that a sequence of two bytes or more stands for; -1 if it is none, or is not to be written so. */
function sequenceAt(bytes: Uint8Array, at: number, length: number): number {
	if (at + length > bytes.length) return -1;
	let code = bytes[at]! & 0xff >> length + 1;
	for (let next = at + 1; next < at + length; next++) {
		if ((bytes[next]! & 0xc0) !== 0x80) return -1;
		code = code << 6 | bytes[next]! & 0x3f;
	}
	if (length === 3) return code < 0x800 || code >= 0xd800 && code <= 0xdfff ? -1 : code;
	return length === 4 && (code < 0x10000 || code > 0x10ffff) ? -1 : code;
}

function mixedTextToBytes(text: string): Buffer {
	const bytes = room(text.length * 3);
	let length = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		const page = code & 0xff80;
		// One branch for the two of them: ASCII, and U+DC80 to U+DCFF.
		if (page * (page - 0xdc80) === 0) {
			bytes[length++] = code;
		} else if (code < 0x800) {
			bytes[length++] = 0xc0 | code >> 6;
			bytes[length++] = 0x80 | code & 0x3f;
		} else {
			const point = text.codePointAt(at)!;
			if (point < 0x10000) {
				bytes[length++] = 0xe0 | point >> 12;
			} else {
				bytes[length++] = 0xf0 | point >> 18;
				bytes[length++] = 0x80 | point >> 12 & 0x3f;
				at++;
			}
			bytes[length++] = 0x80 | point >> 6 & 0x3f;
			bytes[length++] = 0x80 | point & 0x3f;
		}
	}
	return Buffer.from(bytes.subarray(0, length));
}
