/** How many bits two byte strings have in common at their beginnings. */
export function commonPrefixBits(left: Uint8Array, right: Uint8Array): number {
	const shorter = Math.min(left.length, right.length);
	const same = left.subarray(0, shorter).findIndex((byte, position) => byte !== right[position]);
	return same < 0 ? shorter * 8 : same * 8 + Math.clz32(left[same]! ^ right[same]!) - 24;
}
