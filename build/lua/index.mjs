import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { compile } from "./compile.mjs";
import { header } from "./header.mjs";
import { link } from "./link.mjs";
import { registeredModules } from "./registry.mjs";

/** Where the Lua files go, in the package. */
const FOLDER = "dist/lua";

/**
 * `mod_NAME.lua` for each module of the registry: all that the module needs in one file, and a source map beside it.
 * @param {string} root the package's folder
 * @param {string} registry the file that lists the modules, in the package
 * @returns {Promise<import("../write.mjs").BuiltFile[]>}
 * @throws {NotBuilt}
 */
export async function buildLua(root, registry = "modules/index.ts") {
	const { program, files, lualib } = compile(root, join(root, registry));
	const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
	return registeredModules(program, join(root, registry)).flatMap((module) => {
		const name = `mod_${module.name}.lua`;
		const { code, map } = link(name, module, files, lualib, header(module, version));
		const path = join(root, FOLDER, name);
		return [{ path, contents: code }, { path: `${path}.map`, contents: map }];
	});
}
