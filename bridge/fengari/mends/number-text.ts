/*
 * Numbers as C's printf writes them, to the last digit: JavaScript's own functions round ties up, stop at 100 digits
 * and know no hexadecimal floats.
 */

/** A positive number is this many times this power of two, exactly. */
interface Binary {
	mantissa: bigint;
	exponent: number;
}

const view = new DataView(new ArrayBuffer(8));
const MANTISSA_BITS = 52;
const LEAST_EXPONENT = -1074;

function toBinary(value: number): Binary {
	view.setFloat64(0, value);
	const bits = view.getBigUint64(0);
	const biased = Number(bits >> 52n & 0x7ffn);
	const fraction = bits & 0xfffffffffffffn;
	if (biased === 0) return { mantissa: fraction, exponent: LEAST_EXPONENT };
	return { mantissa: fraction | 1n << 52n, exponent: biased + LEAST_EXPONENT - 1 };
}

/** The quotient, rounded to the nearest, to the even one if two are as near. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
	const quotient = dividend / divisor;
	const twice = dividend % divisor * 2n;
	return twice > divisor || twice === divisor && quotient % 2n === 1n ? quotient + 1n : quotient;
}

/** A positive number times a power of ten, rounded to a whole one. */
function scale(value: number, power: number): bigint {
	const { mantissa, exponent } = toBinary(value);
	let [dividend, divisor] = [mantissa, 1n];
	if (exponent > 0) dividend <<= BigInt(exponent);
	else divisor <<= BigInt(-exponent);
	if (power > 0) dividend *= 10n ** BigInt(power);
	else divisor *= 10n ** BigInt(-power);
	return divideRounded(dividend, divisor);
}

/** The digits of a positive number, one before the point, and its power of ten. */
function toDigits(value: number, places: number): { digits: string; power: number } {
	if (value === 0) return { digits: "0".repeat(places + 1), power: 0 };
	// With so many digits nothing is rounded up to the next power.
	const power = Number(value.toExponential(20).split("e")[1]);
	const digits = scale(value, places - power).toString();
	return digits.length > places + 1 ? { digits: digits.slice(0, -1), power: power + 1 } : { digits, power };
}

function withPoint(whole: string, fraction: string, alternate: boolean): string {
	return fraction === "" && !alternate ? whole : `${whole}.${fraction}`;
}

/**
 * `%f` of a number that is finite and not negative.
 * @param alternate the flag `#`: there is always a point
 */
export function fixed(value: number, places: number, alternate = false): string {
	const digits = scale(value, places).toString().padStart(places + 1, "0");
	return withPoint(digits.slice(0, digits.length - places), digits.slice(digits.length - places), alternate);
}

/** `%e` of a number that is finite and not negative. */
export function exponential(value: number, places: number, alternate = false): string {
	const { digits, power } = toDigits(value, places);
	return withPoint(digits[0]!, digits.slice(1), alternate) + exponentText(power);
}

function exponentText(power: number): string {
	return `e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** `%g` of a number that is finite and not negative; with `alternate`, zeros at the end stay. */
export function general(value: number, precision: number, alternate = false): string {
	const significant = precision || 1;
	const { digits, power } = toDigits(value, significant - 1);
	const trimmed = (fraction: string) => alternate ? fraction : fraction.replace(/0+$/, "");
	if (power < -4 || power >= significant) {
		return withPoint(digits[0]!, trimmed(digits.slice(1)), alternate) + exponentText(power);
	}
	if (power < 0) return withPoint("0", trimmed("0".repeat(-power - 1) + digits), alternate);
	return withPoint(digits.slice(0, power + 1), trimmed(digits.slice(power + 1)), alternate);
}

/** `%a` of a number that is finite and not negative; by default with as many digits as it has. */
export function hexadecimal(value: number, places?: number, alternate = false): string {
	if (value === 0) return `0x${withPoint("0", "0".repeat(places ?? 0), alternate)}p+0`;
	const { mantissa, exponent } = toBinary(value);
	// The number is mantissa × 2^power with 52 bits after the point.
	const power = exponent + MANTISSA_BITS;
	const shownBits = (places ?? 13) * 4;
	const shown = shownBits < MANTISSA_BITS
		? divideRounded(mantissa, 1n << BigInt(MANTISSA_BITS - shownBits))
		: mantissa << BigInt(shownBits - MANTISSA_BITS);
	const digits = shown.toString(16).padStart(shownBits / 4 + 1, "0");
	const fraction = digits.slice(digits.length - shownBits / 4);
	const trimmed = places === undefined ? fraction.replace(/0+$/, "") : fraction;
	return `0x${withPoint(digits.slice(0, digits.length - shownBits / 4), trimmed, alternate)}` +
		`p${power < 0 ? "-" : "+"}${Math.abs(power)}`;
}

/** Whether to write `-`: before -0 too, and before NaN, whose sign JavaScript hides but which 0/0 makes negative. */
export function isNegative(value: number): boolean {
	return value < 0 || Object.is(value, -0) || Number.isNaN(value);
}

/** What is not finite, without sign; nil for what is. */
export function notFinite(value: number): string | undefined {
	if (Number.isNaN(value)) return "nan";
	return Number.isFinite(value) ? undefined : "inf";
}

/** A float as Lua's `tostring` writes it: `%.14g`, and `.0` where it would look like an integer. */
export function floatText(value: number): string {
	const sign = isNegative(value) ? "-" : "";
	const positive = Math.abs(value);
	const special = notFinite(value);
	if (special !== undefined) return sign + special;
	// Most numbers are short, and are what JavaScript makes of them.
	const short = String(positive);
	if (short.length <= 15 && positive < 1e14 && !short.includes("e")) {
		return sign + (short.includes(".") ? plain(short, positive) : `${short}.0`);
	}
	const text = general(positive, 14);
	return sign + (/[.e]/.test(text) ? text : `${text}.0`);
}

/** JavaScript writes out what has up to six zeros after the point, C up to three. */
function plain(short: string, positive: number): string {
	return positive < 1e-4 ? general(positive, 14) : short;
}
