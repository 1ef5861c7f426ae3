import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { modules } from "../../modules";
import { packageRoot } from "../../bridge/package-root";
import { build } from "../cli/prosody-push";

beforeAll(build);

describe("the npm package", () => {
	it("holds the Lua file of every module, and what finds TypeScript lines for it", () => {
		const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
		const output = execFileSync("npm", args, { cwd: packageRoot(), encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
		const [{ files }] = JSON.parse(output) as [{ files: { path: string }[] }];
		const paths = files.map(({ path }) => path);
		for (const name of Object.keys(modules)) {
			expect(paths).toEqual(expect.arrayContaining([`dist/lua/mod_${name}.lua`, `dist/lua/mod_${name}.lua.map`]));
		}
		expect(paths.filter((path) => /^(?:build|modules|test)\/.*(?<!README\.md)$/.test(path))).toEqual([]);
	});
});
