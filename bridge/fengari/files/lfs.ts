import { mkdirSync, readdirSync, rmdirSync, statSync, type Stats } from "node:fs";
import { lua, to_luastring, type lua_State } from "fengari";
import type { Library } from "../natives/library";
import { checkBytes, pushBytes, pushNil, pushText, raise, raiseArgumentError } from "../natives/library";
import { errorReason } from "../mends/system-error";
import { orError } from "./results";

function modeOf(stats: Stats): string {
	if (stats.isFile()) return "file";
	if (stats.isDirectory()) return "directory";
	if (stats.isFIFO()) return "named pipe";
	if (stats.isSocket()) return "socket";
	if (stats.isCharacterDevice()) return "char device";
	return stats.isBlockDevice() ? "block device" : "other";
}

/** Times in seconds since the epoch, size in bytes. */
const ATTRIBUTES: Record<string, (stats: Stats) => string | number> = {
	mode: modeOf,
	size: (stats) => stats.size,
	ino: (stats) => stats.ino,
	nlink: (stats) => stats.nlink,
	uid: (stats) => stats.uid,
	gid: (stats) => stats.gid,
	access: (stats) => Math.floor(stats.atimeMs / 1000),
	modification: (stats) => Math.floor(stats.mtimeMs / 1000),
	change: (stats) => Math.floor(stats.ctimeMs / 1000),
};

function pushAttribute(L: lua_State, value: string | number): void {
	if (typeof value === "string") pushText(L, value);
	else if (value === (value | 0)) lua.lua_pushinteger(L, value);
	else lua.lua_pushnumber(L, value);
}

/** `attributes(path, [name])`: one of them, or a table of all */
function attributes(L: lua_State): number {
	const path = checkBytes(L, 1);
	const name = lua.lua_type(L, 2) === lua.LUA_TSTRING ? Buffer.from(checkBytes(L, 2)).toString() : undefined;
	if (name !== undefined && !Object.hasOwn(ATTRIBUTES, name)) {
		return raiseArgumentError(L, 2, `invalid attribute name '${name}'`);
	}
	let stats: Stats;
	try {
		stats = statSync(Buffer.from(path));
	} catch (error) {
		pushNil(L);
		pushText(L, `cannot obtain information from file '${Buffer.from(path).toString()}': ${errorReason(error)}`);
		return 2;
	}
	if (name !== undefined) {
		pushAttribute(L, ATTRIBUTES[name]!(stats));
		return 1;
	}
	lua.lua_newtable(L);
	for (const [attribute, get] of Object.entries(ATTRIBUTES)) {
		pushAttribute(L, get(stats));
		lua.lua_setfield(L, -2, to_luastring(attribute));
	}
	return 1;
}

/** `for name in dir(path)`, `.` and `..` among them */
function dir(L: lua_State): number {
	const path = checkBytes(L, 1);
	let names: Buffer[];
	try {
		names = [Buffer.from("."), Buffer.from(".."), ...readdirSync(Buffer.from(path), "buffer")];
	} catch (error) {
		return raise(L, `cannot open ${Buffer.from(path).toString()}: ${errorReason(error)}`);
	}
	const iterator = names.values();
	lua.lua_pushcfunction(L, (state) => {
		const next = iterator.next();
		return next.done ? pushNil(state) : pushBytes(state, next.value);
	});
	return 1;
}

function changing(change: (path: Buffer) => void) {
	return (L: lua_State): number => {
		const path = Buffer.from(checkBytes(L, 1));
		return orError(L, () => {
			change(path);
			lua.lua_pushboolean(L, true);
			return 1;
		});
	};
}

/** LuaFileSystem, as far as Prosody uses it. */
export const lfs: Library = {
	attributes,
	dir,
	mkdir: changing((path) => mkdirSync(path)),
	rmdir: changing((path) => rmdirSync(path)),
	currentdir: (L) => pushText(L, process.cwd()),
};
