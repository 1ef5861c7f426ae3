const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const NUL = 0;
const PADDING = "=".charCodeAt(0);
const WHITE_SPACE = new Set(Array.from("\n\r\t \f\b", (character) => character.charCodeAt(0)));
const VALUES = new Map(Array.from(ALPHABET, (character, value) => [character.charCodeAt(0), value]));

export function encodeBase64(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/**
 * Decodes as Prosody does: white space counts for nothing, padding ends a group and more may follow, characters after
 * the last full group are dropped unless they are padded, and NUL ends the text.
 *
 * @returns nil if another character is in it
 */
export function decodeBase64(text: Uint8Array): Uint8Array | undefined {
	return decodePlain(text) ?? decodeLoosely(text);
}

/** Nil if there is more to the text than characters, and padding at its end. */
function decodePlain(text: Uint8Array): Uint8Array | undefined {
	const characters = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("latin1");
	const match = /^[A-Za-z0-9+/]*(=*)$/.exec(characters);
	if (match === null) return undefined;
	const length = match[1] === "" ? characters.length - characters.length % 4 : characters.length;
	return Buffer.from(characters.slice(0, length), "base64");
}

function decodeLoosely(text: Uint8Array): Uint8Array | undefined {
	const bytes: number[] = [];
	let group: number[] = [];
	const flush = (): void => {
		const [first = 0, second = 0, third = 0, fourth = 0] = group;
		const tuple = first << 18 | second << 12 | third << 6 | fourth;
		const complete = [tuple >> 16 & 0xFF, tuple >> 8 & 0xFF, tuple & 0xFF];
		bytes.push(...complete.slice(0, Math.max(group.length - 1, 0)));
		group = [];
	};
	for (const character of text) {
		if (character === NUL) break;
		if (WHITE_SPACE.has(character)) continue;
		if (character === PADDING) {
			flush();
			continue;
		}
		const value = VALUES.get(character);
		if (value === undefined) return undefined;
		if (group.push(value) === 4) flush();
	}
	return Uint8Array.from(bytes);
}
