/** What a terminal may act on or hide: control and format characters, save the joiner within emoji. */
const UNPRINTABLE = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const WIDE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/u;
const COMBINING = /[\p{M}\u200d]/u;

/** Text that is safe to print on one line: it may come from anybody who can send a stanza. */
export function printable(text: string): string {
	return text.replace(UNPRINTABLE, (character) => {
		return character === "\t" ? "\\t" : `\\u{${character.codePointAt(0)!.toString(16)}}`;
	});
}

/** The columns that a printable character takes on a terminal. */
export function columnsOf(character: string): number {
	return COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

/** The columns that a printable text takes on a terminal. */
export function widthOf(text: string): number {
	let width = 0;
	for (const character of text) {
		width += columnsOf(character);
	}
	return width;
}

/** Text filled up with spaces to as many columns. */
export function padEnd(text: string, width: number): string {
	return text + " ".repeat(Math.max(0, width - widthOf(text)));
}
