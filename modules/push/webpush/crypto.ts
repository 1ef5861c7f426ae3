import type { CryptoLibrary, ModuleApi, Require } from "../../../bridge/api";

/** Prosody's `util.crypto`; nil in 0.12, which has none: then nothing can be encrypted. */
export function find_crypto(module: ModuleApi, require: Require): CryptoLibrary | undefined {
	try {
		return require("util.crypto");
	} catch (reason) {
		module.log("info", "Encrypted notifications need Prosody 13.0");
		module.log("debug", "No cryptography: %s", reason);
		return undefined;
	}
}
