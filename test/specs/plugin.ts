import { fileURLToPath } from "node:url";
import type { Plugin } from "vitest/config";

const register = fileURLToPath(new URL("register.ts", import.meta.url));

/** Lets vitest run busted's specs: to vitest, a `_spec.lua` is a module with a test for each of the spec's. */
export function luaSpecs(): Plugin {
	return {
		name: "lua-specs",
		enforce: "pre",
		load(id) {
			if (!id.endsWith("_spec.lua")) {
				return undefined;
			}
			return `import { registerSpec } from ${JSON.stringify(register)};\nregisterSpec(${JSON.stringify(id)});\n`;
		},
	};
}
