/** The two numbers of an ECDSA signature, big-endian without leading zeros. */
export interface EcdsaSignature {
	r: Uint8Array;
	s: Uint8Array;
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;

interface Element {
	content: Uint8Array;
	/** What follows it. */
	rest: Uint8Array;
}

/** Reads an element of strict DER; nil if there is no such element. */
function readElement(bytes: Uint8Array, tag: number): Element | undefined {
	const [actualTag, short, long] = bytes;
	if (actualTag !== tag || short === undefined) return undefined;
	let start = 2;
	let length = short;
	if (short === 0x81 && long !== undefined && long >= 0x80) {
		start = 3;
		length = long;
	} else if (short >= 0x80) {
		return undefined;
	}
	const end = start + length;
	return end > bytes.length ? undefined : { content: bytes.subarray(start, end), rest: bytes.subarray(end) };
}

function isMinimalPositive(integer: Uint8Array): boolean {
	const [first, second] = integer;
	if (first === undefined || first >= 0x80) return false;
	return first !== 0 || second === undefined || second >= 0x80;
}

function withoutLeadingZeros(number: Uint8Array): Uint8Array {
	const start = number.findIndex((byte) => byte !== 0);
	return start < 0 ? new Uint8Array() : number.subarray(start);
}

/** Reads a signature in DER (RFC 3279, 2.2.3); what follows it is ignored. Nil if it is none. */
export function parseEcdsaSignature(der: Uint8Array): EcdsaSignature | undefined {
	const sequence = readElement(der, SEQUENCE);
	const r = sequence && readElement(sequence.content, INTEGER);
	const s = r && readElement(r.rest, INTEGER);
	if (!s || s.rest.length > 0 || !isMinimalPositive(r.content) || !isMinimalPositive(s.content)) return undefined;
	return { r: withoutLeadingZeros(r.content), s: withoutLeadingZeros(s.content) };
}

function element(tag: number, content: Uint8Array): Uint8Array {
	const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
	return Uint8Array.from([tag, ...length, ...content]);
}

function integer(number: Uint8Array): Uint8Array {
	const digits = withoutLeadingZeros(number);
	const sign = digits.length === 0 || digits[0]! >= 0x80 ? [0] : [];
	return element(INTEGER, Uint8Array.from([...sign, ...digits]));
}

/** The signature in DER. Numbers may have leading zeros; together they must stay below 240 bytes. */
export function buildEcdsaSignature({ r, s }: EcdsaSignature): Uint8Array {
	return element(SEQUENCE, Uint8Array.from([...integer(r), ...integer(s)]));
}
