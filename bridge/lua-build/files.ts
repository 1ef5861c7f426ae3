import { join } from "node:path";
import { modules } from "../../modules";
import { packageRoot } from "../package-root";
import { statSync } from "node:fs";

/** Where `npm run build` puts the Lua files of our modules. */
export function luaBuildFolder(): string {
	return join(packageRoot(), "dist", "lua");
}

/**
 * The Lua file of one of our modules.
 * @param name without `mod_`
 * @returns undefined if it is not ours, or not built
 */
export function findLuaBuild(name: string): string | undefined {
	const path = join(luaBuildFolder(), `mod_${name}.lua`);
	return Object.hasOwn(modules, name) && statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : undefined;
}
