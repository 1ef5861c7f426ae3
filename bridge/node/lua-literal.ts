import { formatGeneral } from "./lua-number";
import { textToBytes } from "../native/bytes";

const escapes: Readonly<Record<string, string>> = {
	"\x07": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
	"\\": "\\\\", "\"": "\\\"", "'": "\\'",
};

/** The text as a Lua string literal of printable ASCII, quoted as Prosody's `util.serialization` quotes. */
export function quote(text: string): string {
	return `"${text.replace(/[\x00-\x1f"'\\]|[^\x00-\x7e]+/gu, escapeMatch)}"`;
}

function escapeMatch(match: string): string {
	const escape = escapes[match];
	if (escape !== undefined) return escape;
	let result = "";
	for (const byte of textToBytes(match)) result += `\\${String(byte).padStart(3, "0")}`;
	return result;
}

/** The number as a Lua expression that gives the same number again. */
export function numberToLua(number: number): string {
	if (Number.isSafeInteger(number)) return String(number);
	if (Number.isNaN(number)) return "(0/0)";
	if (!Number.isFinite(number)) return number > 0 ? "(1/0)" : "(-1/0)";
	return formatGeneral(number, 18);
}
