import { lstatSync, renameSync, rmdirSync, unlinkSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { lua, type lua_CFunction, type lua_State } from "fengari";
import { orError } from "./results";
import { checkBytes, pushText } from "../natives/library";

function succeed(L: lua_State): 1 {
	lua.lua_pushboolean(L, true);
	return 1;
}

/** `os.remove`, `os.rename` and `os.tmpname`, with the messages of C. */
export const osFiles: Record<string, lua_CFunction> = {
	remove: (L) => {
		const path = checkBytes(L, 1);
		const name = Buffer.from(path);
		return orError(L, () => {
			if (lstatSync(name).isDirectory()) rmdirSync(name);
			else unlinkSync(name);
			return succeed(L);
		}, path);
	},
	rename: (L) => {
		const path = Buffer.from(checkBytes(L, 1));
		const target = Buffer.from(checkBytes(L, 2));
		return orError(L, () => {
			renameSync(path, target);
			return succeed(L);
		});
	},
	tmpname: (L) => {
		const name = join(tmpdir(), `lua_${randomBytes(6).toString("hex")}`);
		writeFileSync(name, "", { flag: "wx", mode: 0o600 });
		return pushText(L, name);
	},
};
