import { lua, lauxlib, to_luastring, type lua_CFunction, type lua_State } from "fengari";
import type { Clock } from "../../api";
import type { Library } from "./library";
import { checkBytes, decodeUtf8, pushText, raise, raiseArgumentError } from "./library";
import { dateFields, formatDate } from "./calendar";

/** Fengari's integers have 32 bits; what does not fit is a float. */
function pushWhole(L: lua_State, value: number): 1 {
	if (value === (value | 0)) lua.lua_pushinteger(L, value);
	else lua.lua_pushnumber(L, value);
	return 1;
}

/** Sets the fields of the date table on top of the stack. */
function setDateFields(L: lua_State, time: number): void {
	for (const [name, value] of Object.entries(dateFields(time))) {
		pushWhole(L, value);
		lua.lua_setfield(L, -2, to_luastring(name));
	}
	lua.lua_pushboolean(L, false);
	lua.lua_setfield(L, -2, to_luastring("isdst"));
}

function getDateField(L: lua_State, name: string, defaultValue?: number): number {
	lua.lua_getfield(L, 1, to_luastring(name));
	const missing = lua.lua_isnoneornil(L, -1);
	const value = lua.lua_isnumber(L, -1) ? lua.lua_tonumber(L, -1) : NaN;
	lua.lua_pop(L, 1);
	if (missing && defaultValue === undefined) return raise(L, `field '${name}' missing in date table`);
	if (missing) return defaultValue!;
	return Number.isInteger(value) ? value : raise(L, `field '${name}' is not an integer`);
}

function osTime(clock: Clock): lua_CFunction {
	return (L) => {
		if (lua.lua_isnoneornil(L, 1)) return pushWhole(L, Math.floor(clock.now()));
		lauxlib.luaL_checktype(L, 1, lua.LUA_TTABLE);
		const time = Date.UTC(
			getDateField(L, "year"), getDateField(L, "month") - 1, getDateField(L, "day"),
			getDateField(L, "hour", 12), getDateField(L, "min", 0), getDateField(L, "sec", 0),
		) / 1000;
		if (!Number.isFinite(time)) {
			return raise(L, "time result cannot be represented in this installation");
		}
		lua.lua_settop(L, 1);
		setDateFields(L, time);
		return pushWhole(L, time);
	};
}

function osDate(clock: Clock): lua_CFunction {
	return (L) => {
		const given = lua.lua_isnoneornil(L, 1) ? "%c" : decodeUtf8(checkBytes(L, 1));
		const time = lua.lua_isnoneornil(L, 2) ? clock.now() : lauxlib.luaL_checknumber(L, 2);
		if (given === undefined) return raiseArgumentError(L, 1, "the format is no UTF-8");
		const format = given.replace(/^!/, "");
		if (format.startsWith("*t")) {
			lua.lua_newtable(L);
			setDateFields(L, time);
			return 1;
		}
		let text: string;
		try {
			text = formatDate(format, time);
		} catch (error) {
			if (error instanceof RangeError) return raiseArgumentError(L, 1, error.message);
			throw error;
		}
		return pushText(L, text);
	};
}

function pushNow(clock: Clock): lua_CFunction {
	return (L) => {
		lua.lua_pushnumber(L, clock.now());
		return 1;
	};
}

/** `os.time`, `os.date` and `os.clock` on the virtual clock. */
export function createOsTime(clock: Clock): Record<string, lua_CFunction> {
	const start = clock.now();
	return {
		time: osTime(clock),
		date: osDate(clock),
		clock: (L) => {
			lua.lua_pushnumber(L, clock.now() - start);
			return 1;
		},
	};
}

/** `util.time`: seconds since the epoch; the virtual clock never goes back. */
export function createTime(clock: Clock): Library {
	return { now: pushNow(clock), monotonic: pushNow(clock) };
}
