import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import type { Original } from "../bridge/lanes/originals";
import { packageRoot } from "../bridge/package-root";
import { commandIn, isRoot } from "../bridge/prosody/root";
import { MODULE } from "./lanes";
import { Subject } from "./process";

const LUA = "lua5.4";

/** An original, and the root folder of the Prosody that it belongs to. */
export interface InstalledOriginal extends Original {
	prosodyRoot: string;
}

/** How garbage is collected: by Prosody's settings, or by Lua's own. */
export type Collector = "prosody" | "lua";

/** A module under real Lua with a real Prosody's libraries. */
export interface UnderLua {
	/** The Prosody. */
	readonly installed: InstalledOriginal;
	/** The path of the Lua build; the original if absent. */
	readonly build?: string;
	/** `MODULE` if absent. */
	readonly module?: string;
	readonly collector: Collector;
}

/** What it is called, such as `lua@lua5.4 (0.12)`. */
export function nameUnderLua({ installed: { series }, build, collector }: UnderLua): string {
	const name = `${build === undefined ? "original" : "lua"}@${LUA} (${series})`;
	return collector === "lua" ? `${name}, Lua's own GC` : name;
}

/** Starts it. Throws why that cannot be done here. */
export async function startUnderLua(subject: UnderLua): Promise<Subject> {
	const { installed: { path, prosodyRoot }, build, module: name = MODULE, collector } = subject;
	const libraries = librariesAbove(path);
	if (libraries === undefined) throw new Error(`Prosody's libraries are not above ${path}`);
	// Libraries in C run with the libc of their own system, which a folder of Prosody's files alone does not have.
	const root = existsSync(join(prosodyRoot, "usr/bin", LUA)) ? prosodyRoot : "/";
	const inRoot = (file: string): string => `/${relative(root, file)}`;
	if (spawnSync(LUA, ["-v"]).error !== undefined && isRoot(root)) throw new Error(`there is no ${LUA}`);

	// The process sees nothing outside its root.
	const folder = mkdtempSync(join(isRoot(root) ? tmpdir() : join(root, "tmp"), "prosody-push-bench-"));
	const bring = (file: string): string => {
		const there = join(folder, basename(file));
		cpSync(file, there);
		return inRoot(there);
	};
	try {
		const [script, work] = ["prosody.lua", "mod_bench.lua"].map((file) => bring(join(packageRoot(), "bench", file)));
		const module = build === undefined ? inRoot(path) : bring(build);
		const command = commandIn(root, [LUA, script!, inRoot(libraries), name, module, work!, collector]);
		return await Subject.ofCommand(nameUnderLua(subject), command);
	} finally {
		// What is ready has read its files.
		rmSync(folder, { recursive: true });
	}
}

/** The libraries of the Prosody that an original belongs to: in a folder above it. */
function librariesAbove(path: string): string | undefined {
	for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
		if (existsSync(join(folder, "core", "moduleapi.lua"))) return folder;
	}
	return undefined;
}
