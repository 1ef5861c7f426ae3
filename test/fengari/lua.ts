import { lauxlib, lua, to_luastring } from "fengari";
import type { Crossing } from "../../bridge/fengari/crossing";
import { createState } from "../../bridge/fengari/state";

/** A Lua state to try things in. */
export interface Lua {
	crossing: Crossing;
	/** Runs a chunk, with the arguments as its `...`, and gives its first result. */
	run<T = unknown>(chunk: string, ...args: unknown[]): T;
}

export function createLua(): Lua {
	const crossing = createState();
	return { crossing, run: createRun(crossing, "chunk") };
}

/** Runs chunks of this name in this state: with the arguments as `...`, each gives its first result. */
export function createRun(crossing: Crossing, name: string): Lua["run"] {
	const { L } = crossing;
	return <T>(chunk: string, ...args: unknown[]): T => {
		const base = crossing.begin(L);
		try {
			const bytes = to_luastring(chunk);
			if (lauxlib.luaL_loadbuffer(L, bytes, bytes.length, to_luastring(`=${name}`)) !== lua.LUA_OK) {
				throw crossing.errors.caught(L);
			}
			for (const arg of args) crossing.push(L, arg);
			crossing.finish(L, base, args.length, 1);
			return crossing.read(L, base + 2) as T;
		} finally {
			lua.lua_settop(L, base);
		}
	};
}
