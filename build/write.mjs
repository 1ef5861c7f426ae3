import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * A file of the build.
 * @typedef {{ path: string, contents: string | Uint8Array, mode?: number }} BuiltFile
 */

/**
 * Writes a file. Whoever reads it meanwhile has the old one or the new one, whole.
 * @param {BuiltFile} file
 */
export async function writeWhole({ path, contents, mode = 0o644 }) {
	await mkdir(dirname(path), { recursive: true });
	const fresh = `${path}.${process.pid}`;
	await writeFile(fresh, contents);
	await chmod(fresh, mode);
	await rename(fresh, path);
}
