import type { lua_State } from "fengari";
import { extendGlobal, preloadLibrary } from "../natives/library";
import { lfs } from "./lfs";
import { openIo } from "./io";
import { osFiles } from "./os";

/**
 * Lets Lua at this machine's files: `io`, `os.remove`, `os.rename`, `os.tmpname` as in Lua, and `require "lfs"`.
 * Specs have it, since they read what they test with from files. Hosts have not: what a module does there depends on
 * the machine's clock, disk, randomness and options alone, and is the same in every run.
 */
export function installFiles(L: lua_State): void {
	openIo(L);
	extendGlobal(L, "os", osFiles);
	preloadLibrary(L, "lfs", lfs);
}
