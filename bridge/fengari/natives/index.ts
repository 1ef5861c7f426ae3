import type { lua_State } from "fengari";
import type { Machine } from "../../api";
import { createCrypto } from "./crypto";
import { createMathRandom, createRandom } from "./random";
import { createOsTime, createTime } from "./time";
import { encodings } from "./encodings";
import { extendGlobal, preloadLibrary } from "./library";
import { files } from "./files";
import { hashes } from "./hashes";
import { strbitop } from "./strbitop";

/**
 * Gives a Lua state what Prosody has in C: `require` answers `util.encodings`, `util.hashes`, `util.crypto`,
 * `util.random`, `util.time` and `util.strbitop`, and our own `bridge.files`, which reads the files of modules;
 * `os.time`, `os.date`, `os.clock` and `math.random` follow the machine's clock and randomness. The standard libraries
 * must be open.
 */
export function installNatives(L: lua_State, machine: Machine): void {
	preloadLibrary(L, "util.encodings", encodings);
	preloadLibrary(L, "util.hashes", hashes);
	preloadLibrary(L, "util.crypto", createCrypto(machine));
	preloadLibrary(L, "util.random", createRandom(machine));
	preloadLibrary(L, "util.time", createTime(machine.clock));
	preloadLibrary(L, "util.strbitop", strbitop);
	preloadLibrary(L, "bridge.files", files);
	extendGlobal(L, "os", createOsTime(machine.clock));
	extendGlobal(L, "math", createMathRandom(machine));
}
