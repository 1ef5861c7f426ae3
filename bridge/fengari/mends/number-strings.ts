import { lua, to_luastring } from "fengari";
import lobject from "fengari/src/lobject.js";
import lstring from "fengari/src/lstring.js";
import { floatText } from "./number-text";

const pushFormatted = lobject.luaO_pushvfstring;

/**
 * Fengari writes floats as JavaScript does: `Infinity`, `1e+21`, and zeros in place of digits. Here `tostring`, `..`
 * and all else that makes a string of a number write them as Lua does.
 */
export function mendNumberStrings(): void {
	lobject.luaO_tostring = (L, number) => {
		const text = number.ttisinteger() ? String(number.value) : floatText(number.value as number);
		number.setsvalue(lstring.luaS_bless(L, to_luastring(text)));
	};
	// `tostring` formats a float with nothing but %f.
	lobject.luaO_pushvfstring = (L, format, args) => {
		const isFloat = format.length === 2 && format[0] === 0x25 && format[1] === 0x66;
		return isFloat ? lua.lua_pushliteral(L, floatText(args[0] as number)) : pushFormatted(L, format, args);
	};
}
