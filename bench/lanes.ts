import { randomBytes } from "node:crypto";
import type { Host, Machine, ModuleSource } from "../bridge/api";
import { createFengariHost } from "../bridge/fengari";
import { createMemoryDisk, createNodeHost } from "../bridge/node";
import type { Original } from "../bridge/lanes/originals";
import { createClock } from "../bridge/server";
import { modules } from "../modules";

/** The module that is measured, save in the part `encrypted`. */
export const MODULE = "cloud_notify";
/** The module that encrypts. */
export const ENCRYPTING_MODULE = "push2";

/** A module on one of our hosts. */
export interface Lane {
	readonly name: string;
	/** `MODULE` if absent. */
	readonly module?: string;
	readonly host: "node" | "fengari";
	/** The path of the original or of the Lua build; the TypeScript module if absent. */
	readonly path?: string;
}

export const TS_NODE: Lane = { name: "ts@node", host: "node" };
export const TS_FENGARI: Lane = { name: "ts@fengari", host: "fengari" };

export function originalInFengari({ series, path }: Original): Lane {
	return { name: `original@fengari (${series})`, host: "fengari", path };
}

/** The Lua build in Fengari. */
export function luaInFengari(path: string): Lane {
	return { name: "lua@fengari", host: "fengari", path };
}

/** Random bytes, fetched a page at a time: to ask the system for a few takes as long as a push. */
function createRandomBytes(): (count: number) => Uint8Array {
	let page = randomBytes(4096);
	let used = 0;
	return (count) => {
		if (used + count > page.length) {
			page = randomBytes(4096);
			used = 0;
		}
		used += count;
		return page.subarray(used - count, used);
	};
}

/** Starts a lane: its host, with the module loaded. */
export function startLane({ host: kind, module = MODULE, path }: Lane): { host: Host; machine: Machine } {
	const machine: Machine = {
		clock: createClock(1_700_000_000),
		disk: createMemoryDisk(),
		random_bytes: createRandomBytes(),
		options: {},
		// As in Prosody's own configuration.
		log_levels: ["info", "warn", "error"],
		log: () => undefined,
	};
	const source: ModuleSource = path === undefined ? { typescript: modules[module]! } : { lua: path };
	const host = kind === "node" ? createNodeHost(machine) : createFengariHost(machine);
	host.load(module, source);
	return { host, machine };
}

/** The time that this process has computed, in seconds: what else runs on the machine does not change it much. */
export function cpuSeconds(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}
