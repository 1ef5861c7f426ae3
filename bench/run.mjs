// Runs the benchmarks: npm run bench [-- OPTIONS]. They are bundled to where npm keeps what may be deleted any time.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { spawn } from "node:child_process";

const root = fileURLToPath(new URL("..", import.meta.url));
const outdir = fileURLToPath(new URL("../node_modules/.cache/prosody-push/", import.meta.url));

await build({
	absWorkingDir: root,
	entryPoints: [
		"bench/main.ts", "bench/serve.ts", "bench/web-push.ts", "bench/deliver.ts", "bench/send-notification.ts",
		"bench/push-service.ts",
	],
	outdir,
	outExtension: { ".js": ".mjs" },
	bundle: true,
	packages: "external",
	platform: "node",
	format: "esm",
	target: "node20",
	sourcemap: true,
	logLevel: "warning",
}).catch(() => process.exit(1));

const main = `${outdir}main.mjs`;
const bench = spawn(process.execPath, ["--enable-source-maps", main, ...process.argv.slice(2)], { stdio: "inherit" });
bench.on("exit", (code) => process.exit(code ?? 1));
