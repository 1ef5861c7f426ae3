import { createFengariHost } from "../fengari";
import { createNodeHost } from "../node";
import { firstLine } from "./failure";
import { ProsodyStage } from "../prosody/stage";
import { SimulatedStage } from "../scenario/simulated-stage";
import { dependenciesOnLane, modulesOnLane } from "./sources";
import { simulatedSeries } from "./applies";
import type { Host, LogEntry, ModuleSource } from "../api";
import type { LaneName } from "./lane";
import type { ModuleFile } from "../prosody/setting";
import type { NamedSource } from "./sources";
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
	const thrown = new Map<string, unknown>();
	const modules = modulesOnLane(scenario, lane, places).map(([name, source]) => [name, noting(source, name, thrown)] as const);
	const all = new Map([...modules, ...dependenciesOnLane(scenario, lane, places)]);
	return new SimulatedStage(scenario, {
		createHost: (machine) => tellingWhatLoads(createHost(machine), modules.map(([name]) => name), thrown),
		modules,
		findModule: (name) => all.get(name),
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
	const modules = modulesOnLane(scenario, lane, places).map(fileOf);
	const dependencies = dependenciesOnLane(scenario, lane, places).map(fileOf);
	const server = await servers.lend(places.prosodyRoot);
	return ProsodyStage.begin(scenario, { server, release: () => servers.giveBack(server), modules, dependencies, log });
}

function fileOf([name, source]: NamedSource): ModuleFile {
	if (!("lua" in source)) throw new Error("a real server runs no TypeScript");
	return { name, path: source.lua };
}

/** The source, save that what TypeScript throws in it is noted under the module's name: hosts throw errors of their own instead. */
function noting(source: ModuleSource, name: string, thrown: Map<string, unknown>): ModuleSource {
	if ("lua" in source) return source;
	return {
		typescript(module, prosody, require) {
			try {
				source.typescript(module, prosody, require);
			} catch (error) {
				thrown.set(name, error);
				throw error;
			}
		},
	};
}

/**
 * The host, save that one of these modules that fails to load throws a LoadError.
 * @param thrown by them, as far as they are TypeScript
 */
function tellingWhatLoads(host: Host, modules: readonly string[], thrown: ReadonlyMap<string, unknown>): Host {
	const load = host.load.bind(host);
	host.load = (name, source) => {
		try {
			load(name, source);
		} catch (error) {
			throw modules.includes(name) ? new LoadError(name, thrown.get(name) ?? error) : error;
		}
	};
	return host;
}
