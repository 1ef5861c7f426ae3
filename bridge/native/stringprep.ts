import { LEFT_TO_RIGHT, RIGHT_TO_LEFT, UNASSIGNED } from "./stringprep-tables";

/**
 * Stringprep (RFC 3454) and its profiles for XMPP (RFC 6122), nameprep (RFC 3491) and saslprep (RFC 4013), with what
 * Prosody's `util.encodings.stringprep` adds: neither text nor result may reach 1024 bytes in UTF-8.
 *
 * @param strict refuses code points that Unicode 3.2 leaves unassigned; otherwise they pass unchanged
 * @returns the prepared text; nil if a rule forbids it or it is no Unicode (a lone surrogate)
 */
export type Prep = (text: string, strict?: boolean) => string | undefined;

const BYTES_LIMIT = 1024;

/** The inside of a character class, from ranges such as `00A0 2000-200B`. */
function characters(...tables: string[]): string {
	return tables.join(" ").trim().split(/\s+/)
		.map((range) => range.split("-").map((code) => `\\u{${code}}`).join("-"))
		.join("");
}

// Tables of RFC 3454 by their names there.
const B_1 = "00AD 034F 1806 180B-180D 200B-200D 2060 FE00-FE0F FEFF";
const C_1_1 = "0020";
const C_1_2 = "00A0 1680 2000-200B 202F 205F 3000";
const C_2_1 = "0000-001F 007F";
const C_2_2 =
	"0080-009F 06DD 070F 180E 200C 200D 2028 2029 2060-2063 206A-206F FEFF FFF9-FFFC 1D173-1D17A";
const C_3 = "E000-F8FF F0000-FFFFD 100000-10FFFD";
const C_4 = "FDD0-FDEF " + Array.from({ length: 17 }, (_, plane) => plane.toString(16))
	.map((plane) => `${plane}FFFE-${plane}FFFF`).join(" ");
const C_5 = "D800-DFFF";
const C_6 = "FFF9-FFFD";
const C_7 = "2FF0-2FFB";
const C_8 = "0340 0341 200E 200F 202A-202E 206A-206F";
const C_9 = "E0001 E0020-E007F";
/** `"&'/:<>@`, which nodeprep forbids (RFC 6122, A.5). */
const NODEPREP_EXTRA = "0022 0026 0027 002F 003A 003C 003E 0040";

const unassigned = new RegExp(`[${characters(UNASSIGNED)}]`, "u");
const unassignedRun = new RegExp(`([${characters(UNASSIGNED)}]+)`, "u");
const mappedToNothing = new RegExp(`[${characters(B_1)}]`, "gu");
const nonAsciiSpace = new RegExp(`[${characters(C_1_2)}]`, "gu");
const rightToLeft = new RegExp(`[${characters(RIGHT_TO_LEFT)}]`, "u");
const leftToRight = new RegExp(`[${characters(LEFT_TO_RIGHT)}]`, "u");
const rightToLeftAtBothEnds =
	new RegExp(`^[${characters(RIGHT_TO_LEFT)}](?:.*[${characters(RIGHT_TO_LEFT)}])?$`, "su");

/** Characters whose decomposition was corrected after Unicode 3.2, with the one that they had in it. */
const OLD_DECOMPOSITIONS: Readonly<Record<string, string>> = {
	"\u{2F868}": "\u{2136A}", "\u{2F874}": "\u5F33", "\u{2F91F}": "\u43AB", "\u{2F95F}": "\u7AAE",
	"\u{2F9BF}": "\u4D57",
};
const oldDecomposition = new RegExp(`[${Object.keys(OLD_DECOMPOSITIONS).join("")}]`, "gu");

/** NFKC as of Unicode 3.2: what was not assigned then takes no part in it. */
function normalize(text: string): string {
	return text.replace(oldDecomposition, (character) => OLD_DECOMPOSITIONS[character]!).split(unassignedRun)
		.map((run, position) => position % 2 === 1 ? run : run.normalize("NFKC"))
		.join("");
}

/** Case folding as of Unicode 3.2, of one character. */
function fold(character: string): string {
	if (character === "\u0131") return character;
	const folded = character.toUpperCase().toLowerCase();
	return unassigned.test(folded) ? character : folded;
}

/** Table B.2: folding that also holds after NFKC. */
function foldForNfkc(character: string): string {
	if (unassigned.test(character)) return character;
	const folded = fold(character);
	const normalized = folded.normalize("NFKC");
	const again = Array.from(normalized, fold).join("").normalize("NFKC");
	return again === normalized ? folded : again;
}

/** Breaks the rules of RFC 3454, section 6. (ICU, in Prosody, also knows the direction of what came after 3.2.) */
function mixesDirections(text: string): boolean {
	return rightToLeft.test(text) && (leftToRight.test(text) || !rightToLeftAtBothEnds.test(text));
}

function profile(prohibitedTables: string[], map: (text: string) => string, checksDirections = true): Prep {
	const prohibited = new RegExp(`[${characters(...prohibitedTables)}]`, "u");
	return (text, strict = false) => {
		if (Buffer.byteLength(text) >= BYTES_LIMIT) return undefined;
		if (strict && unassigned.test(text)) return undefined;
		const prepared = normalize(map(text));
		if (prohibited.test(prepared) || checksDirections && mixesDirections(prepared)) return undefined;
		return Buffer.byteLength(prepared) < BYTES_LIMIT ? prepared : undefined;
	};
}

function removeMappedToNothing(text: string): string {
	return text.replace(mappedToNothing, "");
}

function removeAndFold(text: string): string {
	if (/^[\0-\x7F]*$/.test(text)) return text.toLowerCase();
	return Array.from(removeMappedToNothing(text), foldForNfkc).join("");
}

/** The local part of a JID (RFC 6122, appendix A). */
export const nodeprep = profile(
	[C_1_1, C_1_2, C_2_1, C_2_2, C_3, C_4, C_5, C_6, C_7, C_8, C_9, NODEPREP_EXTRA], removeAndFold,
);

const NAMEPREP_PROHIBITED = [C_1_2, C_2_2, C_3, C_4, C_5, C_6, C_7, C_8, C_9];

/** A domain name (RFC 3491). */
export const nameprep = profile(NAMEPREP_PROHIBITED, removeAndFold);

/** Nameprep without its rules on directions, which ICU's IDNA leaves to registrars. */
export const nameprepInAnyDirection = profile(NAMEPREP_PROHIBITED, removeAndFold, false);

/** The resource of a JID (RFC 6122, appendix B). */
export const resourceprep = profile(
	[C_1_2, C_2_1, C_2_2, C_3, C_4, C_5, C_6, C_7, C_8, C_9], removeMappedToNothing,
);

/** User names and passwords (RFC 4013). */
export const saslprep = profile(
	[C_1_2, C_2_1, C_2_2, C_3, C_4, C_5, C_6, C_7, C_8, C_9],
	(text) => removeMappedToNothing(text.replace(nonAsciiSpace, " ")),
);
