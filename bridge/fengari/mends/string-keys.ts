import lstring from "fengari/src/lstring.js";

/** Each byte as two digits. */
const DIGITS = Array.from({ length: 256 }, (_, byte) => (0x100 + byte).toString(16).slice(1));

/** Longer strings are faster in one call of Node's. */
const SHORT = 32;

function keyOf(bytes: Uint8Array): string {
	if (bytes.length > SHORT) {
		return `|${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`;
	}
	let key = "|";
	for (const byte of bytes) key += DIGITS[byte]!;
	return key;
}

/** A string of Fengari's: its bytes, and what tables and comparisons know it by once they have asked. */
interface KeyedString {
	readonly realstring: Uint8Array;
	key: string | null;
}

/**
 * Fengari finds strings in tables, among a function's constants and in comparisons by their bytes in hexadecimal, but
 * writes those below 16 with one digit: so "\8\0" was "\128", and a line feed came after a space. Here it is always
 * two.
 */
export function mendStringKeys(): void {
	Object.defineProperty(lstring.TString.prototype, "hash", {
		get(this: KeyedString): string {
			return this.key ??= keyOf(this.realstring);
		},
		// Fengari's constructor says that there is none yet.
		set(this: KeyedString, key: string | null) {
			this.key = key;
		},
	});
}
