import { lua } from "fengari";
import type { lua_State } from "fengari";
import type { Library } from "./library";
import { checkBytes, checkText, pushNil, pushText, pushBytes } from "./library";
import { formatAddress, parseAddress } from "../../native/addresses";

const INVALID = { text: "Invalid argument", code: 22 };
const UNKNOWN_FAMILY = { text: "Address family not supported by protocol", code: 97 };

function pushFailure(L: lua_State, { text, code }: typeof INVALID): 3 {
	pushNil(L);
	pushText(L, text);
	lua.lua_pushinteger(L, code);
	return 3;
}

/** `util.net`, as far as it is about addresses. */
export const net: Library = {
	pton: (L) => {
		const bytes = parseAddress(checkText(L, 1) ?? "");
		return bytes === undefined ? pushFailure(L, INVALID) : pushBytes(L, bytes);
	},
	ntop: (L) => {
		const text = formatAddress(checkBytes(L, 1));
		return text === undefined ? pushFailure(L, UNKNOWN_FAMILY) : pushText(L, text);
	},
};
