import { defineConfig } from "vitest/config";
import { luaSpecs } from "./test/specs/plugin";

export default defineConfig({
	test: {
		testTimeout: 30_000,
		hookTimeout: 120_000,
		projects: [
			{ extends: true, test: { name: "test", include: ["test/**/*.test.ts"] } },
			{
				extends: true,
				plugins: [luaSpecs()],
				test: {
					name: "spec",
					include: ["spec/**/*_spec.lua"],
					// Each spec has a Lua state of its own: a process of its own would only take time to start.
					poolOptions: { forks: { isolate: false, singleFork: true } },
				},
			},
		],
	},
});
