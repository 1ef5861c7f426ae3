import { LANES } from "./lane";
import { findOriginal, moduleFolders } from "./originals";
import { modules } from "../../modules";
import { syntaxError } from "./lua-syntax";
import type { LaneName } from "./lane";
import type { Original, Places } from "./originals";

/** The upstream file of a module. */
export interface FoundOriginal extends Original {
	/** Without `mod_`. */
	module: string;
	/** Why it is no Lua, on one line; absent if it is. */
	problem?: string;
}

/** Whether a lane can run here. */
export interface LaneStatus {
	lane: LaneName;
	runs: boolean;
	/** The upstream modules that were found, on lanes that run them. */
	originals?: FoundOriginal[];
	/** What is missing, if it cannot run. */
	missing?: string;
	/** How to get what is missing; absent if there is no way. */
	get?: string;
}

/**
 * All lanes, in their usual order: whether each can run here, and what it needs.
 * @param wanted modules to run beside those of prosody-push, without `mod_`
 */
export function laneStatuses(places: Places, wanted: Iterable<string> = []): LaneStatus[] {
	const names = [...new Set([...Object.keys(modules), ...wanted])];
	return LANES.map((lane) => laneStatus(lane, places, names));
}

function laneStatus(lane: LaneName, places: Places, names: readonly string[]): LaneStatus {
	switch (lane) {
		case "ts@node":
		case "ts@fengari":
			return { lane, runs: true };
		case "original@fengari":
			return originalStatus(lane, places, names);
		case "lua@fengari":
		case "lua@prosody":
		case "original@prosody":
			return { lane, runs: false, missing: "not built yet: this version of prosody-push does not have it" };
	}
}

function originalStatus(lane: LaneName, places: Places, names: readonly string[]): LaneStatus {
	const originals = names.flatMap((module): FoundOriginal[] => {
		const original = findOriginal(module, places);
		return original ? [{ module, ...original, problem: syntaxError(original.path) }] : [];
	});
	if (originals.some(({ problem }) => problem === undefined)) {
		return { lane, runs: true, originals };
	}
	if (originals.length > 0) {
		return { lane, runs: false, missing: originals[0]!.problem };
	}
	return {
		lane,
		runs: false,
		missing: `no ${names.map((name) => `mod_${name}.lua`).join(" or ")} in ${moduleFolders(places).join(" or ")}`,
		get: "apt-get install prosody-modules on Debian 12 (Prosody 0.12), apt-get install prosody on Debian 13 "
			+ "(Prosody 13.0), or --original PATH",
	};
}
