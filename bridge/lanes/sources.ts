import { findOriginal, findOther, placesOfOthers } from "./originals";
import { findLuaBuild } from "../lua-build";
import { isOriginal } from "./lane";
import { modules } from "../../modules";
import type { LaneName } from "./lane";
import type { ModuleSource } from "../api";
import type { Places } from "./originals";
import type { Scenario } from "../scenario";

/** A module by its name, without `mod_`, and what to load as it. */
export type NamedSource = readonly [name: string, source: ModuleSource];

/** What to load on a lane that runs the scenario, in this order: the modules under test, then those of others. */
export function modulesOnLane({ modules: names, others }: Scenario, lane: LaneName, places: Places): NamedSource[] {
	return [
		...names.map((name) => [name, sourceOnLane(name, lane, places)!] as const),
		...others.map((name) => [name, { lua: findOther(name, places)!.path }] as const),
	];
}

/** Further modules of ours, or their originals, which those that are loaded may depend on. */
export function dependenciesOnLane({ modules: names, others }: Scenario, lane: LaneName, places: Places): NamedSource[] {
	// The file of one original was given for what is under test.
	const where = { ...placesOfOthers(places), upstream: places.upstream };
	const rest = Object.keys(modules).filter((name) => !names.includes(name) && !others.includes(name));
	return rest.flatMap((name) => {
		const source = sourceOnLane(name, lane, where);
		return source ? [[name, source] as const] : [];
	});
}

/** What to load as a module that is under test, or that one depends on; undefined if the lane has no such module. */
export function sourceOnLane(name: string, lane: LaneName, places: Places): ModuleSource | undefined {
	if (isUpstream(name, lane, places)) {
		const original = findOriginal(name, places);
		return original && { lua: original.path };
	}
	if (lane.startsWith("lua@")) {
		const path = findLuaBuild(name);
		return path === undefined ? undefined : { lua: path };
	}
	return Object.hasOwn(modules, name) ? { typescript: modules[name]! } : undefined;
}

/** Whether a lane has a module from upstream. */
export function isUpstream(name: string, lane: LaneName, { upstream = [] }: Places): boolean {
	return isOriginal(lane) || upstream.includes(name);
}
