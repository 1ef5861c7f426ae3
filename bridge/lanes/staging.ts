import { createFengariHost } from "../fengari";
import { createNodeHost } from "../node";
import { firstLine } from "./failure";
import { ProsodyStage } from "../prosody/stage";
import { SimulatedStage } from "../scenario/simulated-stage";
import { modulesOnLane, simulatedSeries } from "./applies";
import type { Host, LogEntry, ModuleSource } from "../api";
import type { LaneName } from "./lane";
import type { Places } from "./originals";
import type { Scenario, Stage } from "../scenario";
import type { ServerPool } from "../prosody/pool";

/** A module of the scenario that failed to load. */
export class LoadError extends Error {
	/** Without `mod_`. */
	readonly module: string;

	constructor(module: string, cause: unknown) {
		super(firstLine(cause), { cause });
		this.module = module;
	}
}

/** The simulated server on the lane's host, with the scenario's modules loaded. Throws LoadError, and what it lacks. */
export function simulatedStage(
	scenario: Scenario, lane: LaneName, places: Places, log: (entry: LogEntry) => void,
): Stage {
	const createHost = lane.endsWith("@node") ? createNodeHost : createFengariHost;
	const modules = modulesOnLane(scenario, lane, places);
	return new SimulatedStage(scenario, {
		createHost: (machine) => tellingWhatLoads(createHost(machine), modules.map(([name]) => name)),
		modules,
		series: simulatedSeries(scenario, places),
		log,
	});
}

/**
 * A real Prosody of the pool, with the scenario's modules loaded.
 * @throws Error if a server does not start or a module does not load
 */
export async function realStage(
	scenario: Scenario, lane: LaneName, places: Places, servers: ServerPool, log: (entry: LogEntry) => void,
): Promise<Stage> {
	const modules = modulesOnLane(scenario, lane, places).map(([name, source]) => ({ name, path: luaOf(source) }));
	const server = await servers.lend(places.prosodyRoot);
	return ProsodyStage.begin(scenario, { server, release: () => servers.giveBack(server), modules, log });
}

function luaOf(source: ModuleSource): string {
	if (!("lua" in source)) throw new Error("a real server runs no TypeScript");
	return source.lua;
}

/** The host, save that one of these modules that fails to load throws a LoadError. */
function tellingWhatLoads(host: Host, modules: readonly string[]): Host {
	const load = host.load.bind(host);
	host.load = (name, source) => {
		let thrown: unknown;
		try {
			load(name, "lua" in source ? source : {
				typescript(module, prosody, require) {
					try {
						source.typescript(module, prosody, require);
					} catch (error) {
						// The hosts throw errors of their own instead.
						thrown = error;
						throw error;
					}
				},
			});
		} catch (error) {
			throw modules.includes(name) ? new LoadError(name, thrown ?? error) : error;
		}
	};
	return host;
}
