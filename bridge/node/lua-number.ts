/** The number as `%.<precision>g` prints it in C. */
export function formatGeneral(number: number, precision: number): string {
	if (!Number.isFinite(number)) return formatNotFinite(number);
	const [sign, digits, exponent] = scientific(number, Math.max(precision, 1) - 1);
	const trimmed = digits.replace(/(?!^)0+$/, "");
	if (exponent < -4 || exponent >= digits.length) return sign + withPoint(trimmed, 1) + formatExponent(exponent);
	if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${trimmed}`;
	return sign + withPoint(trimmed.padEnd(exponent + 1, "0"), exponent + 1);
}

/** The number as `%.<precision>e` prints it in C. */
export function formatScientific(number: number, precision: number): string {
	if (!Number.isFinite(number)) return formatNotFinite(number);
	const [sign, digits, exponent] = scientific(number, precision);
	return sign + withPoint(digits, 1) + formatExponent(exponent);
}

/** The number rounded to so many decimals. Where JavaScript rounds a tie up, C rounds to even. */
function scientific(number: number, decimals: number): [sign: string, digits: string, exponent: number] {
	const split = (text: string): [digits: string, exponent: string] => {
		const [mantissa, exponent] = text.split("e") as [string, string];
		return [mantissa.replace(/[-.]/g, ""), exponent];
	};
	const [exactDigits, exactExponent] = split(number.toExponential(100));
	const kept = exactDigits.slice(0, decimals + 1);
	const roundsDown = /^50*$/.test(exactDigits.slice(decimals + 1)) && /[02468]$/.test(kept);
	const [digits, exponent] = roundsDown ? [kept, exactExponent] : split(number.toExponential(decimals));
	return [number < 0 || Object.is(number, -0) ? "-" : "", digits, Number(exponent)];
}

function withPoint(digits: string, whole: number): string {
	return digits.length > whole ? `${digits.slice(0, whole)}.${digits.slice(whole)}` : digits;
}

/** The number as `%.<precision>f` prints it in C. */
export function formatFixed(number: number, precision: number): string {
	if (!Number.isFinite(number)) return formatNotFinite(number);
	// toFixed changes to scientific notation from here on, where no number has a fraction any more.
	if (Math.abs(number) < 1e21) return number.toFixed(precision);
	return BigInt(number).toString() + (precision > 0 ? `.${"0".repeat(precision)}` : "");
}

function formatExponent(exponent: number): string {
	return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function formatNotFinite(number: number): string {
	return Number.isNaN(number) ? "nan" : number < 0 ? "-inf" : "inf";
}

/** The number as Lua's `tostring` writes it, a whole number as an integer. */
export function numberToText(number: number): string {
	return Number.isSafeInteger(number) ? String(number) : formatGeneral(number, 14);
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const hexadecimal = /^([+-]?)0x([\da-f]*)(?:\.([\da-f]*))?(?:p([+-]?\d+))?$/i;

/** The number that the text spells, as Lua's `tonumber` reads it; undefined if it spells none. */
export function textToNumber(text: string): number | undefined {
	const trimmed = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "");
	if (decimal.test(trimmed)) return Number(trimmed);
	const match = hexadecimal.exec(trimmed);
	if (match === null) return undefined;
	const [, sign, whole = "", fraction = "", exponent = "0"] = match;
	if (whole + fraction === "") return undefined;
	let value = 0;
	for (const digit of whole + fraction) value = value * 16 + Number.parseInt(digit, 16);
	value *= 2 ** (Number(exponent) - 4 * fraction.length);
	return sign === "-" ? -value : value;
}
