import { lauxlib, lua, to_luastring, type lua_State, type lua_String } from "fengari";
import { exponential, fixed, general, hexadecimal, isNegative, notFinite } from "./number-text";
import { raise, raiseArgumentError } from "../natives/library";

const PERCENT = 0x25;

/** A conversion such as `%-08.3f`. */
interface Specifier {
	/** The letter at its end. */
	conversion: string;
	/** Flags as they stand, of `-+ #0`. */
	flags: string;
	width: number;
	precision: number | undefined;
}

interface ScannedSpecifier {
	specifier: Specifier;
	/** Where the format goes on. */
	end: number;
}

function letterAt(format: lua_String, position: number): string {
	return position < format.length ? String.fromCharCode(format[position]!) : "";
}

/** Up to two digits. */
function scanNumber(format: lua_String, start: number): string {
	let digits = "";
	while (digits.length < 2 && /\d/.test(letterAt(format, start + digits.length))) {
		digits += letterAt(format, start + digits.length);
	}
	return digits;
}

/** @param start behind the percent sign */
function scan(L: lua_State, format: lua_String, start: number): ScannedSpecifier {
	let position = start;
	while (/[-+ #0]/.test(letterAt(format, position))) position++;
	const flags = letterRange(format, start, position);
	if (flags.length >= 5) return raise(L, "invalid format (repeated flags)");
	const width = scanNumber(format, position);
	position += width.length;
	let precision: number | undefined;
	if (letterAt(format, position) === ".") {
		const digits = scanNumber(format, position + 1);
		precision = Number(digits);
		position += 1 + digits.length;
	}
	if (/\d/.test(letterAt(format, position))) return raise(L, "invalid format (width or precision too long)");
	return {
		specifier: { conversion: letterAt(format, position), flags, width: Number(width), precision },
		end: position + 1,
	};
}

function letterRange(format: lua_String, start: number, end: number): string {
	return String.fromCharCode(...format.subarray(start, end));
}

/** Puts sign and prefix before the digits, and fills up to the width. */
function fill(digits: string, negative: boolean, specifier: Specifier, zeros: boolean): string {
	const { flags, width } = specifier;
	const sign = negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
	const prefix = /^0[xX]/.exec(digits)?.[0] ?? "";
	const text = sign + digits;
	if (flags.includes("-")) return text.padEnd(width);
	if (!zeros || !flags.includes("0")) return text.padStart(width);
	return sign + prefix + digits.slice(prefix.length).padStart(width - sign.length - prefix.length, "0");
}

/** Numbers with no fraction count, also those that only a float holds here, where real Lua's integers have 64 bits. */
function checkInteger(L: lua_State, argument: number): bigint {
	const number = lauxlib.luaL_checknumber(L, argument);
	if (!Number.isInteger(number) || number < -(2 ** 63) || number >= 2 ** 63) {
		return raiseArgumentError(L, argument, "number has no integer representation");
	}
	return BigInt(number);
}

const RADIX: Record<string, number> = { d: 10, i: 10, u: 10, o: 8, x: 16, X: 16 };

function formatInteger(integer: bigint, specifier: Specifier): string {
	const { conversion, flags, precision } = specifier;
	const signed = conversion === "d" || conversion === "i";
	const magnitude = !signed ? BigInt.asUintN(64, integer) : integer < 0n ? -integer : integer;
	let digits = magnitude === 0n && precision === 0 ? "" : magnitude.toString(RADIX[conversion]);
	digits = digits.padStart(precision ?? 1, "0");
	if (flags.includes("#") && conversion === "o" && !digits.startsWith("0")) digits = `0${digits}`;
	if (flags.includes("#") && /x/i.test(conversion) && magnitude !== 0n) digits = `0x${digits}`;
	if (conversion === "X") digits = digits.toUpperCase();
	// Only a signed conversion has a sign, and a precision says how many zeros there are.
	const own = signed ? specifier : { ...specifier, flags: flags.replace(/[+ ]/g, "") };
	return fill(digits, signed && integer < 0n, own, precision === undefined);
}

function positiveFloat(value: number, { conversion, flags, precision }: Specifier): string {
	const alternate = flags.includes("#");
	switch (conversion.toLowerCase()) {
	case "a": return hexadecimal(value, precision, alternate);
	case "e": return exponential(value, precision ?? 6, alternate);
	case "f": return fixed(value, precision ?? 6, alternate);
	default: return general(value, precision ?? 6, alternate);
	}
}

function formatFloat(value: number, specifier: Specifier): string {
	const special = notFinite(value);
	const digits = special ?? positiveFloat(Math.abs(value), specifier);
	const text = fill(digits, isNegative(value), specifier, special === undefined);
	return /[A-Z]/.test(specifier.conversion) ? text.toUpperCase() : text;
}

function padBytes(bytes: lua_String, { flags, width }: Specifier): Uint8Array {
	if (bytes.length >= width) return bytes;
	const padded = new Uint8Array(width).fill(0x20);
	padded.set(bytes, flags.includes("-") ? 0 : width - bytes.length);
	return padded;
}

function formatString(L: lua_State, argument: number, specifier: Specifier): Uint8Array {
	const bytes = lauxlib.luaL_tolstring(L, argument);
	lua.lua_pop(L, 1);
	const { flags, width, precision } = specifier;
	if (flags === "" && width === 0 && precision === undefined) return bytes;
	if (bytes.includes(0)) return raiseArgumentError(L, argument, "string contains zeros");
	return padBytes(precision === undefined ? bytes : bytes.subarray(0, precision), specifier);
}

/** A Lua literal of the bytes. */
function quote(bytes: lua_String): string {
	let quoted = "";
	for (const [position, byte] of bytes.entries()) {
		const character = String.fromCharCode(byte);
		if (/["\\\n]/.test(character)) quoted += `\\${character}`;
		else if (byte >= 0x20 && byte !== 0x7f) quoted += character;
		else quoted += `\\${/\d/.test(letterAt(bytes, position + 1)) ? String(byte).padStart(3, "0") : byte}`;
	}
	return `"${quoted}"`;
}

function quoteFloat(value: number): string {
	if (Number.isNaN(value)) return "(0/0)";
	if (!Number.isFinite(value)) return value > 0 ? "1e9999" : "-1e9999";
	return (isNegative(value) ? "-" : "") + hexadecimal(Math.abs(value));
}

/** The least integer has no literal: its digits would be read as a positive number, which does not fit. */
function quoteInteger(value: number): string {
	return value === -(2 ** 31) ? "0x80000000" : String(value);
}

function formatLiteral(L: lua_State, argument: number): Uint8Array {
	switch (lua.lua_type(L, argument)) {
	case lua.LUA_TSTRING: return Buffer.from(quote(lua.lua_tolstring(L, argument)!), "latin1");
	case lua.LUA_TNUMBER: {
		const value = lua.lua_tonumber(L, argument);
		return to_luastring(lua.lua_isinteger(L, argument) ? quoteInteger(value) : quoteFloat(value));
	}
	case lua.LUA_TNIL: return to_luastring("nil");
	case lua.LUA_TBOOLEAN: return to_luastring(String(lua.lua_toboolean(L, argument)));
	default: return raiseArgumentError(L, argument, "value has no literal form");
	}
}

function formatArgument(L: lua_State, argument: number, specifier: Specifier): Uint8Array {
	switch (specifier.conversion) {
	case "s": return formatString(L, argument, specifier);
	case "d": case "i": case "o": case "u": case "x": case "X":
		return to_luastring(formatInteger(checkInteger(L, argument), specifier));
	case "a": case "A": case "e": case "E": case "f": case "F": case "g": case "G":
		return to_luastring(formatFloat(lauxlib.luaL_checknumber(L, argument), specifier));
	case "c": return padBytes(Uint8Array.of(Number(checkInteger(L, argument) & 0xffn)), specifier);
	case "q": return formatLiteral(L, argument);
	default: return raise(L, `invalid option '%${specifier.conversion}' to 'format'`);
	}
}

/**
 * `string.format` of Lua 5.3, in place of Fengari's: that one lacks the precision that C gives `%e`, `%f` and `%g`,
 * throws at `%E`, `%G` and some flags, and breaks text that is no UTF-8. `%d` and its like take whole numbers of up to
 * 64 bits.
 */
export function format(L: lua_State): number {
	const template = lauxlib.luaL_checkstring(L, 1);
	const last = lua.lua_gettop(L);
	const parts: Uint8Array[] = [];
	let argument = 1;
	let position = 0;
	for (;;) {
		const percent = template.indexOf(PERCENT, position);
		if (percent < 0) break;
		if (template[percent + 1] === PERCENT) {
			parts.push(template.subarray(position, percent + 1));
			position = percent + 2;
			continue;
		}
		if (percent > position) parts.push(template.subarray(position, percent));
		argument++;
		if (argument > last) return raiseArgumentError(L, argument, "no value");
		const { specifier, end } = scan(L, template, percent + 1);
		parts.push(formatArgument(L, argument, specifier));
		position = end;
	}
	parts.push(template.subarray(position));
	lua.lua_pushstring(L, join(parts));
	return 1;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
	const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let position = 0;
	for (const part of parts) {
		joined.set(part, position);
		position += part.length;
	}
	return joined;
}
