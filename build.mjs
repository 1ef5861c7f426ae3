// Builds what the package ships: node build.mjs. What is built from what: build/README.md.
import { buildJavaScript } from "./build/javascript.mjs";
import { buildLua } from "./build/lua/index.mjs";
import { fileURLToPath } from "node:url";
import { NotBuilt } from "./build/not-built.mjs";
import { writeWhole } from "./build/write.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));

try {
	const built = await Promise.all([buildJavaScript(root), buildLua(root)]);
	for (const file of built.flat()) await writeWhole(file);
} catch (error) {
	if (!(error instanceof NotBuilt)) throw error;
	if (error.message !== "") process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
