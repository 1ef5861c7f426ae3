import { lua, type lua_CFunction } from "fengari";
import type { Library } from "./library";
import { checkBytes, pushBytes } from "./library";
import { commonPrefixBits } from "../../native/common-prefix";

/** Combines each byte of the first string with the second's, which repeats; if either is empty, gives the first. */
function bytewise(combine: (left: number, right: number) => number): lua_CFunction {
	return (L) => {
		const left = checkBytes(L, 1);
		const right = checkBytes(L, 2);
		if (left.length === 0 || right.length === 0) return pushBytes(L, left);
		return pushBytes(L, left.map((byte, position) => combine(byte, right[position % right.length]!)));
	};
}

/** `util.strbitop`. */
export const strbitop: Library = {
	sand: bytewise((left, right) => left & right),
	sor: bytewise((left, right) => left | right),
	sxor: bytewise((left, right) => left ^ right),
	common_prefix_bits: (L) => {
		const left = checkBytes(L, 1);
		const right = checkBytes(L, 2);
		lua.lua_pushinteger(L, commonPrefixBits(left, right));
		return 1;
	},
};
