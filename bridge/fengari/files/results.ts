import { lua, type lua_State } from "fengari";
import { errorNumber, errorReason } from "../mends/system-error";
import { pushNil, pushText } from "../natives/library";

/**
 * What `operation` pushes, which returns the number of its results; where it throws an error of the system's, nil, the
 * reason and C's number of it.
 * @param path stands before the reason
 */
export function orError(L: lua_State, operation: () => number, path?: Uint8Array): number {
	try {
		return operation();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === undefined) throw error;
		pushNil(L);
		if (path !== undefined) {
			lua.lua_pushstring(L, path);
			pushText(L, `: ${errorReason(error)}`);
			lua.lua_concat(L, 2);
		} else {
			pushText(L, errorReason(error));
		}
		lua.lua_pushinteger(L, errorNumber(error));
		return 3;
	}
}
