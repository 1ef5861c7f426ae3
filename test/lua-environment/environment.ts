import { createHash } from "node:crypto";
import { join } from "node:path";
import { lua, to_luastring } from "fengari";
import type { LogEntry, Machine } from "../../bridge/api";
import { createClock } from "../../bridge/server/clock";
import { createMemoryDisk } from "../../bridge/node/disk";
import { createState, preload, runFile } from "../../bridge/fengari/state";
import { installNatives } from "../../bridge/fengari/natives";
import { createRun } from "../fengari/lua";

/** When the virtual clock starts: 2023-11-14 22:13:20 UTC. */
export const START = 1_700_000_000;

export interface TestMachine extends Machine {
	readonly logged: LogEntry[];
}

/** A machine whose bytes are the same in every run. */
export function createMachine(fields: Partial<Pick<Machine, "options" | "disk" | "http">> = {}): TestMachine {
	let drawn = 0;
	const logged: LogEntry[] = [];
	return {
		clock: createClock(START),
		disk: fields.disk ?? createMemoryDisk(),
		random_bytes(count) {
			const blocks: Buffer[] = [];
			for (let length = 0; length < count; length += 32) {
				blocks.push(createHash("sha256").update(`block ${drawn++}`).digest());
			}
			return Buffer.concat(blocks).subarray(0, count);
		},
		options: fields.options ?? {},
		log: ({ at, source, level, message }) => void logged.push({ at, source, level, message }),
		http: fields.http,
		logged,
	};
}

/** A booted Lua environment to run chunks of Lua in. */
export interface LuaEnvironment {
	readonly machine: TestMachine;
	/** Runs a chunk with `boot` (what boot.lua returned) and `...`, and gives its first result. */
	run<T = unknown>(chunk: string, ...args: unknown[]): T;
}

export function bootEnvironment(machine = createMachine()): LuaEnvironment {
	const crossing = createState();
	const { L } = crossing;
	installNatives(L, machine);
	preload(crossing, "bridge.machine", machine);
	const boot = runFile(crossing, join(import.meta.dirname, "../../lua/boot.lua"));
	crossing.push(L, boot);
	lua.lua_setglobal(L, to_luastring("boot"));

	return { machine, run: createRun(crossing, "test") };
}
