import { readFileSync } from "node:fs";
import type { lua_State } from "fengari";
import type { Library } from "./library";
import { checkText, pushBytes, pushNil, pushText, raiseArgumentError } from "./library";

/** `read(path)`: the file's content; nil and what is wrong, which names the path. */
function read(L: lua_State): number {
	const path = checkText(L, 1);
	if (path === undefined) return raiseArgumentError(L, 1, "the path is no UTF-8");
	try {
		return pushBytes(L, readFileSync(path));
	} catch (error) {
		pushNil(L);
		pushText(L, `cannot open ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
		return 2;
	}
}

/** `bridge.files`: hosts have no `io.open`, but need the files of modules. */
export const files: Library = { read };
