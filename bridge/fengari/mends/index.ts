import type { lua_State } from "fengari";
import { mendLibraries } from "./libraries";
import { mendListOrder } from "./list-order";
import { mendNumberStrings } from "./number-strings";
import { mendStringKeys } from "./string-keys";

// These are Fengari's own, of all states at once.
mendListOrder();
mendNumberStrings();
mendStringKeys();

/** Mends, in a state whose standard libraries are open, what Fengari does otherwise than Lua 5.3. */
export function mendState(L: lua_State): void {
	mendLibraries(L);
}
