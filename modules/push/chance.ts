import type { Require } from "../../bridge/api";

/** Hexadecimal digits that a number is made of: as many as the shortest integers of a Lua hold, of 32 bits. */
const digits = 7;

/** Draws numbers from 0 up to, but without, 1, from the host's randomness. */
export function chance(require: Require): (this: void) => number {
	const hashes = require("util.hashes");
	const random = require("util.random");

	return () => {
		const drawn = hashes.sha256(random.bytes(8), true).split("").slice(0, digits).join("");
		return parseInt(drawn, 16) / 16 ** digits;
	};
}
