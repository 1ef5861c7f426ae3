import { isIPv4, isIPv6 } from "node:net";

/*
 * IP addresses as bytes in network order, 4 or 16, and as the text that C has for them (`inet_pton`, `inet_ntop`).
 */

const GROUPS = 8;

function packIPv4(text: string): Uint8Array {
	return Uint8Array.from(text.split("."), Number);
}

/** Groups of 16 bits; a dotted IPv4 address at the end is two of them. */
function groupsOf(text: string): number[] {
	if (text === "") return [];
	return text.split(":").flatMap((group) => {
		if (!group.includes(".")) return [Number.parseInt(group, 16)];
		const [a, b, c, d] = packIPv4(group) as unknown as [number, number, number, number];
		return [a << 8 | b, c << 8 | d];
	});
}

function packIPv6(text: string): Uint8Array {
	const [before, after] = text.split("::", 2).map(groupsOf) as [number[], number[]?];
	const zeros = after === undefined ? 0 : GROUPS - before.length - after.length;
	const groups = [...before, ...new Array<number>(zeros).fill(0), ...after ?? []];
	return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The address's bytes. Nil for any other notation than four decimal numbers, or RFC 4291's without a zone. */
export function parseAddress(text: string): Uint8Array | undefined {
	if (isIPv4(text)) return packIPv4(text);
	return isIPv6(text) && !text.includes("%") ? packIPv6(text) : undefined;
}

/** The first of the longest runs of at least two groups that are 0. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
	let longest = { start: -1, length: 1 };
	for (let start = 0; start < GROUPS; start++) {
		let end = start;
		while (groups[end] === 0) end++;
		if (end - start > longest.length) longest = { start, length: end - start };
	}
	return longest;
}

function formatIPv6(bytes: Uint8Array): string {
	const groups = Array.from({ length: GROUPS }, (_, index) => bytes[2 * index]! << 8 | bytes[2 * index + 1]!);
	const { start, length } = longestZeros(groups);
	const join = (from: number, to: number): string => groups.slice(from, to).map((group) => group.toString(16)).join(":");
	if (start < 0) return join(0, GROUPS);
	const embedsIPv4 = start === 0 && (length === 6 || length === 5 && groups[5] === 0xffff);
	if (embedsIPv4) return `::${length === 5 ? "ffff:" : ""}${bytes.subarray(12).join(".")}`;
	return `${join(0, start)}::${join(start + length, GROUPS)}`;
}

/** Nil for any other number of bytes than 4 or 16. */
export function formatAddress(bytes: Uint8Array): string | undefined {
	if (bytes.length === 4) return bytes.join(".");
	return bytes.length === 16 ? formatIPv6(bytes) : undefined;
}
