import { lua, lauxlib, type lua_CFunction, type lua_State } from "fengari";
import type { Library } from "./library";
import type { Prep } from "../../native/stringprep";
import {
	checkBytes, checkText, decodeUtf8, pushBoolean, pushBytes, pushNil, pushText, pushTextOrNil, raise,
} from "./library";
import { decodeBase64, encodeBase64 } from "../../native/base64";
import { domainToAscii, domainToUnicode } from "../../native/idna";
import { nameprep, nodeprep, resourceprep, saslprep } from "../../native/stringprep";

function prepFunction(prep: Prep): lua_CFunction {
	return (L) => {
		const text = checkText(L, 1);
		const strict = !lua.lua_isnoneornil(L, 2);
		if (strict) lauxlib.luaL_checktype(L, 2, lua.LUA_TBOOLEAN);
		return pushTextOrNil(L, text === undefined ? undefined : prep(text, strict && lua.lua_toboolean(L, 2)));
	};
}

function domainFunction(convert: (domain: string) => string | undefined): lua_CFunction {
	return (L) => {
		const domain = checkText(L, 1);
		return pushTextOrNil(L, domain === undefined ? undefined : convert(domain));
	};
}

function base64Decode(L: lua_State): number {
	const bytes = decodeBase64(checkBytes(L, 1));
	return bytes === undefined ? 0 : pushBytes(L, bytes);
}

/** The length in bytes, as in Prosody, for all that the name promises. */
function utf8Length(L: lua_State): number {
	const bytes = checkBytes(L, 1);
	if (decodeUtf8(bytes) === undefined) {
		pushNil(L);
		pushText(L, "invalid utf8");
		return 2;
	}
	lua.lua_pushinteger(L, bytes.length);
	return 1;
}

/** `util.encodings`. */
export const encodings: Library = {
	base64: {
		encode: (L) => pushText(L, encodeBase64(checkBytes(L, 1))),
		decode: base64Decode,
	},
	stringprep: {
		nodeprep: prepFunction(nodeprep),
		nameprep: prepFunction(nameprep),
		resourceprep: prepFunction(resourceprep),
		saslprep: prepFunction(saslprep),
	},
	idna: {
		to_ascii: domainFunction(domainToAscii),
		to_unicode: domainFunction(domainToUnicode),
	},
	utf8: {
		valid: (L) => pushBoolean(L, decodeUtf8(checkBytes(L, 1)) !== undefined),
		length: utf8Length,
	},
	confusable: {
		skeleton: (L) => raise(L, "util.encodings.confusable.skeleton needs ICU's tables, which this host lacks"),
	},
};
