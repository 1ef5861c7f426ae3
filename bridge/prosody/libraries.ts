import { commandIn, ENVIRONMENT, interpreterOf, type InstalledProsody } from "./root";
import { dirname } from "node:path";
import { spawnSync } from "node:child_process";

/** As the program has it: Prosody's own libraries before those of Lua. */
const REQUIRE = `
	local folder, name = ...;
	package.path = folder.."/?.lua;"..package.path;
	package.cpath = folder.."/?.so;"..package.cpath;
	-- 13.0's libraries require one another by other names, which this makes known.
	if not pcall(require, "prosody.loader") then pcall(require, "loader"); end
	print(pcall(require, name) and "yes" or "no");
`;

/** What was found out before, by root and library. */
const known = new Map<string, boolean>();

/**
 * Whether modules of a Prosody that runs here can require a library: one of its own, or one of Lua's that is installed beside it.
 * @throws Error if its Lua cannot be started, or does not tell
 */
export function hasLibrary(prosody: InstalledProsody, name: string): boolean {
	const key = `${name} ${prosody.root}`;
	let has = known.get(key);
	if (has === undefined) known.set(key, has = canRequire(prosody, name));
	return has;
}

function canRequire(prosody: InstalledProsody, name: string): boolean {
	const lua = interpreterOf(prosody);
	if (lua === undefined) throw new Error(`${prosody.program} in ${prosody.root} does not say which Lua runs it`);
	const folder = dirname(prosody.moduleFolder);
	const [program, ...args] = commandIn(prosody.root, ["/usr/bin/env", lua, "-", folder, name]);
	const { stdout, stderr, status, error } = spawnSync(program, args, { env: ENVIRONMENT, input: REQUIRE, encoding: "utf8" });
	// What fails to start Lua may end before it has read what is for Lua, which is an error, too.
	if (error && status === null) throw error;
	const answer = stdout.trim();
	if (answer === "yes" || answer === "no") return answer === "yes";
	const [said] = (stderr.trim() || answer || "nothing").split("\n", 1);
	throw new Error(`${lua} in ${prosody.root} does not say whether it has ${name}, but: ${said}`);
}
