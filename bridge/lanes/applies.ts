import { findOriginal } from "./originals";
import { isReal } from "./lane";
import { modules } from "../../modules";
import { selects } from "../scenario";
import type { LaneName } from "./lane";
import type { ModuleSource } from "../api";
import type { Places, Series } from "./originals";
import type { KnownDifference, Scenario } from "../scenario";

/** Why a scenario is not run on a lane that can run here, in a few words; undefined if it is. */
export function reasonNotToRun(scenario: Scenario, lane: LaneName, places: Places): string | undefined {
	const excluded = scenario.notOn.find((selector) => selects(selector, lane, seriesOnLane(scenario, lane, places)));
	if (excluded) {
		return `not-on: ${excluded.text}`;
	}
	if (scenario.virtualTime && isReal(lane)) {
		return "virtual-time";
	}
	return moduleMissing(scenario, lane, places);
}

/** Which module under test a lane does not have, in a few words; undefined if it has them all. */
export function moduleMissing({ modules: names }: Scenario, lane: LaneName, places: Places): string | undefined {
	const absent = names.find((name) => !sourceOnLane(name, lane, places));
	if (absent === undefined) {
		return undefined;
	}
	return lane.startsWith("original@") ? `no original mod_${absent}.lua` : `prosody-push has no module ${absent}`;
}

/** What to load as the module under test; undefined if the lane has no such module. */
export function sourceOnLane(name: string, lane: LaneName, places: Places): ModuleSource | undefined {
	if (lane.startsWith("original@")) {
		const original = findOriginal(name, places);
		return original && { lua: original.path };
	}
	return Object.hasOwn(modules, name) ? { typescript: modules[name]! } : undefined;
}

/** The difference that the scenario knows of on a lane; undefined if there is none. */
export function knownOnLane(scenario: Scenario, lane: LaneName, places: Places): KnownDifference | undefined {
	const series = seriesOnLane(scenario, lane, places);
	return scenario.knownDifferences.find((difference) => selects(difference.lane, lane, series));
}

/** The Prosody series of the original on a lane. */
function seriesOnLane(scenario: Scenario, lane: LaneName, places: Places): Series | undefined {
	const originals = lane.startsWith("original@") ? scenario.modules.map((name) => findOriginal(name, places)) : [];
	return originals.find((original) => original?.series !== undefined)?.series;
}
