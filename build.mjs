// Builds the command line: node build.mjs. dist/cli.js loads the rest, dist/main.js, when source maps are on.
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));

const { outputFiles } = await build({
	absWorkingDir: root,
	entryPoints: ["bridge/cli.ts"],
	outdir: "dist",
	bundle: true,
	packages: "external",
	platform: "node",
	format: "esm",
	target: "node20",
	splitting: true,
	chunkNames: "[name]",
	sourcemap: true,
	logLevel: "warning",
	write: false,
}).catch(() => process.exit(1));

for (const { path, contents } of outputFiles) {
	await mkdir(dirname(path), { recursive: true });
	// Whoever runs it meanwhile has the old file or the new one, whole.
	const fresh = `${path}.${process.pid}`;
	await writeFile(fresh, contents);
	await chmod(fresh, path.endsWith("/cli.js") ? 0o755 : 0o644);
	await rename(fresh, path);
}
