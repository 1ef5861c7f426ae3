import { spawnSync } from "node:child_process";
import { findLuaBuild } from "../../bridge/lua-build";
import { modules } from "../../modules";

/** The Lua files of our modules. They must be built. */
export function luaFiles(): string[] {
	return Object.keys(modules).map((name) => findLuaBuild(name)!);
}

/** Every Lua that the build is for: its interpreter, and how it lists a file's bytecode without running it. */
export const LUAS = [
	...["5.2", "5.3", "5.4"].map((version) => {
		return { name: `Lua ${version}`, interpreter: `lua${version}`, lister: [`luac${version}`, "-l", "-l", "-p"] };
	}),
	{ name: "LuaJIT", interpreter: "luajit", lister: ["luajit", "-bl"] },
];

/** What of these commands is not here; undefined if all are. */
export function lacking(...commands: readonly string[]): string | undefined {
	const absent = commands.find((command) => spawnSync(command, ["-v"]).error !== undefined);
	return absent === undefined ? undefined : `no ${absent} here`;
}
