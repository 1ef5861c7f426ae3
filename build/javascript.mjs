import { build } from "esbuild";
import { NotBuilt } from "./not-built.mjs";

/**
 * The command line. dist/cli.js loads the rest, dist/main.js, when source maps are on.
 * @param {string} root the package's folder
 * @returns {Promise<import("./write.mjs").BuiltFile[]>}
 * @throws {NotBuilt}
 */
export async function buildJavaScript(root) {
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
	}).catch(() => {
		// esbuild has said what is wrong, and where.
		throw new NotBuilt();
	});
	return outputFiles.map(({ path, contents }) => ({ path, contents, mode: path.endsWith("/cli.js") ? 0o755 : 0o644 }));
}
