// RFC 3492, section 5.
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 128;
const MAX_INT = 0x7FFFFFFF;
const DELIMITER = "-";
const DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";

function adapt(delta: number, points: number, first: boolean): number {
	let scaled = first ? Math.floor(delta / DAMP) : delta >> 1;
	scaled += Math.floor(scaled / points);
	let k = 0;
	for (; scaled > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) scaled = Math.floor(scaled / (BASE - T_MIN));
	return k + Math.floor((BASE - T_MIN + 1) * scaled / (scaled + SKEW));
}

function threshold(k: number, bias: number): number {
	return Math.min(Math.max(k - bias, T_MIN), T_MAX);
}

/** A label in Punycode, without the prefix `xn--`; nil if a number in it grows too large. */
export function encodePunycode(label: string): string | undefined {
	const codes = Array.from(label, (character) => character.codePointAt(0)!);
	const basic = codes.filter((code) => code < INITIAL_N);
	let output = String.fromCodePoint(...basic) + (basic.length > 0 ? DELIMITER : "");
	let n = INITIAL_N;
	let delta = 0;
	let bias = INITIAL_BIAS;
	for (let handled = basic.length; handled < codes.length; n++, delta++) {
		const next = Math.min(...codes.filter((code) => code >= n));
		delta += (next - n) * (handled + 1);
		if (delta > MAX_INT) return undefined;
		n = next;
		for (const code of codes) {
			if (code < n) delta++;
			if (code !== n) continue;
			let q = delta;
			for (let k = BASE; ; k += BASE) {
				const t = threshold(k, bias);
				if (q < t) break;
				output += DIGITS[t + (q - t) % (BASE - t)];
				q = Math.floor((q - t) / (BASE - t));
			}
			output += DIGITS[q];
			bias = adapt(delta, handled + 1, handled === basic.length);
			delta = 0;
			handled++;
		}
	}
	return output;
}

/** The reverse; nil for what no label encodes to. */
export function decodePunycode(encoded: string): string | undefined {
	const delimiter = encoded.lastIndexOf(DELIMITER);
	const codes = Array.from(encoded.slice(0, Math.max(delimiter, 0)), (character) => character.charCodeAt(0));
	if (codes.some((code) => code >= INITIAL_N)) return undefined;
	let n = INITIAL_N;
	let i = 0;
	let bias = INITIAL_BIAS;
	for (let position = delimiter > 0 ? delimiter + 1 : 0; position < encoded.length;) {
		const before = i;
		let weight = 1;
		for (let k = BASE; ; k += BASE) {
			const digit = position < encoded.length ? DIGITS.indexOf(encoded[position++]!.toLowerCase()) : -1;
			if (digit < 0) return undefined;
			i += digit * weight;
			if (i > MAX_INT) return undefined;
			const t = threshold(k, bias);
			if (digit < t) break;
			weight *= BASE - t;
		}
		const length = codes.length + 1;
		bias = adapt(i - before, length, before === 0);
		n += Math.floor(i / length);
		i %= length;
		if (n > 0x10FFFF) return undefined;
		codes.splice(i++, 0, n);
	}
	return String.fromCodePoint(...codes);
}
