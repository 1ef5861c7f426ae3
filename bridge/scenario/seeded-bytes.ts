import { createHash } from "node:crypto";

/** A source of bytes that look random and are the same for the same seed: SHA-256 over the seed and a counter. */
export function createSeededBytes(seed: string): (count: number) => Uint8Array {
	let block = new Uint8Array();
	let used = 0;
	let blocks = 0;
	return (count) => {
		const bytes = new Uint8Array(count);
		for (let at = 0; at < count; at++) {
			if (used === block.length) {
				block = createHash("sha256").update(`${seed}:${blocks++}`).digest();
				used = 0;
			}
			bytes[at] = block[used++]!;
		}
		return bytes;
	};
}
