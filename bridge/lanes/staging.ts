import { createFengariHost } from "../fengari";
import { createNodeHost } from "../node";
import { firstLine } from "./failure";
import { SimulatedStage } from "../scenario/simulated-stage";
import { sourceOnLane } from "./applies";
import type { Host, LogEntry } from "../api";
import type { LaneName } from "./lane";
import type { Places } from "./originals";
import type { Scenario, Stage } from "../scenario";

/** A module under test that failed to load. */
export class LoadError extends Error {
	/** Without `mod_`. */
	readonly module: string;

	constructor(module: string, cause: unknown) {
		super(firstLine(cause), { cause });
		this.module = module;
	}
}

/** The simulated server on the lane's host, with the modules under test loaded. Throws LoadError, and what it lacks. */
export function simulatedStage(
	scenario: Scenario, lane: LaneName, places: Places, log: (entry: LogEntry) => void,
): Stage {
	const createHost = lane.endsWith("@node") ? createNodeHost : createFengariHost;
	return new SimulatedStage(scenario, {
		createHost: (machine) => tellingWhatLoads(createHost(machine), scenario.modules),
		modules: scenario.modules.map((name) => [name, sourceOnLane(name, lane, places)!]),
		log,
	});
}

/** The host, save that a module under test that fails to load throws a LoadError. */
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

