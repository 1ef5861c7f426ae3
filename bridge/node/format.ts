import { formatFixed, formatGeneral, formatScientific, numberToText } from "./lua-number";
import { hasLoneSurrogate } from "../native/bytes";
import { quote } from "./lua-literal";

/** The value as Lua's `tostring` writes it; tables without an own text are called `table`. */
export function luaToString(value: unknown): string {
	if (value === undefined || value === null) return "nil";
	if (typeof value === "number") return numberToText(value);
	if (typeof value === "function") return "function";
	if (typeof value !== "object") return String(value);
	const { toString } = value;
	return typeof toString === "function" && toString !== Object.prototype.toString && !Array.isArray(value)
		? String(value) : "table";
}

/** Shows control characters, and keeps text of several lines from looking like several entries of a log. */
function printable(text: string): string {
	return text
		.replace(/[\x00-\x08\x0b-\x1f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
		.replaceAll("\x7f", "\u2421")
		.replace(/\n\t?/g, "\n\t");
}

const specifier = /%[^cdiouxXaAeEfgGpqs%]*[cdiouxXaAeEfgGpqs%]/g;
const parts = /^%([-+ #0]*)(\d*)(?:\.(\d*))?[a-zA-Z]$/;

/**
 * Fills in the arguments as `util.format` does: C's format, in which an argument that does not fit, or that is nil, is
 * put in brackets, and arguments that the template has no place for are added behind it.
 */
export function format(template: string, ...args: readonly unknown[]): string {
	let next = 0;
	let message = template.replace(specifier, (spec) => spec === "%%" ? "%" : formatOne(spec, args[next++]));
	for (const arg of args.slice(next)) message += ` [${arg === undefined ? "(nil)" : printable(luaToString(arg))}]`;
	return message;
}

function formatOne(spec: string, arg: unknown): string {
	if (arg === undefined) return "(nil)";
	const option = spec.at(-1)!;
	const [, flags, width = "", precision] = parts.exec(spec) ?? [];
	if (flags === undefined) return `[${printable(luaToString(arg))}]`;
	const pad = (text: string): string =>
		flags.includes("-") ? text.padEnd(Number(width)) : text.padStart(Number(width));
	if (option === "q" || (option === "s" && typeof arg === "string" && hasLoneSurrogate(arg))) {
		return typeof arg === "string" ? quote(arg) : luaToString(arg);
	}
	if (option === "s") {
		const text = printable(luaToString(arg));
		return pad(precision === undefined ? text : text.slice(0, Number(precision)));
	}
	const number = typeof arg === "number" ? formatNumber(option, arg, flags, precision) : undefined;
	if (number === undefined) return `[${printable(luaToString(arg))}]`;
	if (!flags.includes("0") || flags.includes("-")) return pad(number);
	const [, sign, digits] = /^([-+ ]?)(.*)$/.exec(number) as unknown as [string, string, string];
	return sign + digits.padStart(Number(width) - sign.length, "0");
}

/** Undefined where the option cannot show the number. */
function formatNumber(
	option: string, number: number, flags: string, precision: string | undefined,
): string | undefined {
	const digits = precision === undefined ? 6 : Number(precision);
	const signed = (text: string): string =>
		text.startsWith("-") ? text : (flags.includes("+") ? "+" : flags.includes(" ") ? " " : "") + text;
	const whole = Number.isInteger(number);
	switch (option) {
		case "d": case "i": return whole ? signed(BigInt(number).toString()) : undefined;
		case "c": return whole ? String.fromCharCode(number & 0xff) : undefined;
		case "u": return whole && number >= 0 ? BigInt(number).toString() : undefined;
		case "o": return whole && number >= 0 ? number.toString(8) : undefined;
		case "x": return whole && number >= 0 ? number.toString(16) : undefined;
		case "X": return whole && number >= 0 ? number.toString(16).toUpperCase() : undefined;
		case "e": case "E": return signed(formatScientific(number, digits));
		case "f": return signed(formatFixed(number, digits));
		case "g": case "G": return signed(formatGeneral(number, digits));
		default: return undefined;
	}
}
