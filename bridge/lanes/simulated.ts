import { createNodeHost } from "../node";
import { SimulatedStage } from "../scenario/simulated-stage";
import type { Host, Machine } from "../api";
import type { Scenario } from "../scenario";

/** The modules that the simulated server loads by itself under a scenario's options, without `mod_`. */
export async function simulatedModules(scenario: Scenario): Promise<Set<string>> {
	const names = new Set<string>();
	const createHost = (machine: Machine): Host => {
		const host = createNodeHost(machine);
		const load = host.load.bind(host);
		host.load = (name, source) => {
			names.add(name);
			load(name, source);
		};
		return host;
	};
	await new SimulatedStage({ ...scenario, characters: [] }, { createHost, modules: [] }).close();
	return names;
}
