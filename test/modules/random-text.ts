import fc from "fast-check";

/** Characters that XML can have (XML 1.0, 2.2), those first that JSON writes as something else, or that are none or long. */
const character = fc.oneof(
	fc.constantFrom(..."\"\\/\n\t\r\x7f\x85\u2028\u2029<>&' ]"),
	fc.constantFrom("ä", "\u00a0", "\u0301", "ش", "\u202e", "漢", "😀", "👨‍👩‍👧", "\u{10ffff}", "\ufffd", "\ud7ff", "\ue000", "…"),
	fc.integer({ min: 0x20, max: 0x10ffff })
		.filter((code) => (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff)
		.map((code) => String.fromCodePoint(code)),
);

/** Text that a stanza may have, of up to twenty characters. */
export const short_text = fc.string({ unit: character, maxLength: 20 });

/** Short text again and again, up to so many UTF-16 units. */
export function repeated_text(longest: number): fc.Arbitrary<string> {
	return fc.tuple(short_text, fc.nat({ max: longest })).map(([piece, size]) => piece.repeat(Math.floor(size / Math.max(piece.length, 1))));
}

/** Text that a stanza may have, short or up to so many UTF-16 units. */
export function any_text(longest: number): fc.Arbitrary<string> {
	return fc.oneof(short_text, repeated_text(longest));
}
