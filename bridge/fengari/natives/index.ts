import type { lua_State } from "fengari";
import type { Machine } from "../../api";
import { createCrypto } from "./crypto";
import { createMathRandom, createRandom } from "./random";
import { createOsTime, createTime } from "./time";
import { encodings } from "./encodings";
import { extendGlobal, preloadLibrary, type Library } from "./library";
import { files } from "./files";
import { hashes } from "./hashes";
import { librariesOf } from "../../native/series";
import { net } from "./net";
import { opensslCipher } from "./openssl-cipher";
import { strbitop } from "./strbitop";

/**
 * Gives a Lua state what Prosody has in C: `require` answers `util.encodings`, `util.hashes`, `util.crypto`,
 * `util.random`, `util.time`, `util.net` and `util.strbitop`, as far as the machine's series has them; luaossl's
 * `openssl.cipher`; and our own `bridge.files`, which reads the files of modules. `os.time`, `os.date`, `os.clock` and `math.random` follow the machine's clock and
 * randomness. The standard libraries must be open.
 */
export function installNatives(L: lua_State, machine: Machine): void {
	const libraries: Record<string, Library> = {
		"util.encodings": encodings,
		"util.hashes": hashes,
		"util.crypto": createCrypto(machine),
		"openssl.cipher": opensslCipher,
		"util.random": createRandom(machine),
		"util.time": createTime(machine.clock),
		"util.net": net,
		"util.strbitop": strbitop,
	};
	for (const [name, library] of Object.entries(librariesOf(machine.series, libraries))) {
		preloadLibrary(L, name, library!);
	}
	preloadLibrary(L, "bridge.files", files);
	extendGlobal(L, "os", createOsTime(machine.clock));
	extendGlobal(L, "math", createMathRandom(machine));
}
