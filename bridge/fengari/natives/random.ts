import { lua, lauxlib, type lua_CFunction, type lua_State } from "fengari";
import type { Library } from "./library";
import type { Machine } from "../../api";
import { pushBytes, raiseArgumentError } from "./library";

/** `util.random`, from the machine's seeded randomness. */
export function createRandom(machine: Machine): Library {
	return {
		bytes: (L) => {
			const count = lauxlib.luaL_checkinteger(L, 1);
			if (count < 0) return raiseArgumentError(L, 1, "must be > 0");
			return pushBytes(L, machine.random_bytes(count));
		},
		_source: "machine",
	};
}

/** A number from 0 up to, not including, 1. */
function fraction(machine: Machine): number {
	const bytes = Buffer.from(machine.random_bytes(6));
	return bytes.readUIntBE(0, 6) / 2 ** 48;
}

/** `math.random([[low,] high])` */
function random(L: lua_State, machine: Machine): number {
	const given = lua.lua_gettop(L);
	if (given === 0) {
		lua.lua_pushnumber(L, fraction(machine));
		return 1;
	}
	const low = given === 1 ? 1 : lauxlib.luaL_checkinteger(L, 1);
	const high = lauxlib.luaL_checkinteger(L, given === 1 ? 1 : 2);
	if (low > high) return raiseArgumentError(L, given === 1 ? 1 : 2, "interval is empty");
	lua.lua_pushinteger(L, low + Math.floor(fraction(machine) * (high - low + 1)));
	return 1;
}

/** `math.random` from the same randomness; seeding it has no effect. */
export function createMathRandom(machine: Machine): Record<string, lua_CFunction> {
	return { random: (L) => random(L, machine), randomseed: () => 0 };
}
