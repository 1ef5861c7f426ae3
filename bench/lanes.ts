import { randomBytes } from "node:crypto";
import type { Host, Machine, ModuleSource } from "../bridge/api";
import { createFengariHost } from "../bridge/fengari";
import { createMemoryDisk, createNodeHost } from "../bridge/node";
import type { Original } from "../bridge/lanes/originals";
import { createClock } from "../bridge/server";
import { modules } from "../modules";

/** The module that is measured, save in the parts that are about the others. */
export const MODULE = "cloud_notify";
/** The module that encrypts. */
export const ENCRYPTING_MODULE = "push2";
/** The module that sends HTTP requests. */
export const REQUESTING_MODULE = "web_push";

/** A module on one of our hosts. */
export interface Lane {
	readonly name: string;
	/** `MODULE` if absent. */
	readonly module?: string;
	readonly host: "node" | "fengari";
	/** The path of the original or of the Lua build; the TypeScript module if absent. */
	readonly path?: string;
	/** The options of the host `localhost`, each as a Lua literal. */
	readonly options?: Readonly<Record<string, string>>;
	/** What is stored for the host itself when the module is loaded: by store, as Prosody's `internal` storage has it. */
	readonly stored?: Readonly<Record<string, string>>;
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

/**
 * Starts a lane: its host, with the module loaded.
 * @param parts of the machine that are others than usual
 */
export function startLane(
	{ host: kind, module = MODULE, path, options = {}, stored = {} }: Lane, parts: Partial<Machine> = {},
): { host: Host; machine: Machine } {
	const machine: Machine = {
		clock: createClock(1_700_000_000),
		disk: createMemoryDisk(),
		random_bytes: createRandomBytes(),
		options,
		// As in Prosody's own configuration.
		log_levels: ["info", "warn", "error"],
		log: () => undefined,
		...parts,
	};
	for (const [store, data] of Object.entries(stored)) machine.disk.write("localhost", store, undefined, data);
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

/** The bytes that this process uses once all garbage is collected: needs `--expose-gc`. */
export function memoryInUse(): number {
	// What was kept by weak references goes the second time.
	globalThis.gc!();
	globalThis.gc!();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}
