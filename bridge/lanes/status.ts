import { LANES } from "./lane";
import { findLuaBuild, luaBuildFolder } from "../lua-build";
import { findOriginal, moduleFolders } from "./originals";
import { findProsody, missingFor } from "../prosody/root";
import { modules } from "../../modules";
import { syntaxError } from "./lua-syntax";
import type { LaneName } from "./lane";
import type { Original, Places } from "./originals";
import type { Recorded } from "./recorded-file";

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
	/** Whether anything can be run, rather than shown as it was recorded. */
	runs: boolean;
	/** The version of the Prosody that was found, such as `13.0.1`, on lanes that run it. */
	prosody?: string;
	/** The upstream modules that were found, on lanes that run them. */
	originals?: FoundOriginal[];
	/** How many scenarios can be shown as they were recorded, by the revision of the upstream modules; absent if none. */
	recorded?: Record<string, number>;
	/** What is missing, if it cannot run. */
	missing?: string;
	/** How to get what is missing; absent if there is no way. */
	get?: string;
}

/**
 * All lanes, in their usual order: whether each can run here, and what it needs.
 * @param wanted modules to run beside those of prosody-push, without `mod_`
 * @param recordings that can be shown for want of what was recorded
 */
export function laneStatuses(
	places: Places, wanted: Iterable<string> = [], recordings: readonly Pick<Recorded, "revision">[] = [],
): LaneStatus[] {
	const names = [...new Set([...Object.keys(modules), ...wanted])];
	const built = luaStatus();
	const original = originalStatus(places, names);
	const server = serverStatus(places);
	const statuses: Record<LaneName, Needs> = {
		"ts@node": { runs: true },
		"ts@fengari": { runs: true },
		"lua@fengari": built,
		"original@fengari": { ...original, ...recordings.length > 0 && { recorded: countByRevision(recordings) } },
		"lua@prosody": { ...built, ...server },
		"original@prosody": { ...original, ...server },
	};
	return LANES.map((lane) => ({ lane, ...statuses[lane] }));
}

function countByRevision(recordings: readonly Pick<Recorded, "revision">[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { revision } of recordings) counts[revision] = (counts[revision] ?? 0) + 1;
	return counts;
}

/** What a lane needs, and whether it is there. */
type Needs = Omit<LaneStatus, "lane">;

/** What a real server adds: its version, and what it lacks to run here. */
function serverStatus({ prosodyRoot }: Places): Partial<Needs> {
	const prosody = findProsody(prosodyRoot)?.version;
	const absent = missingFor(prosodyRoot);
	return { ...prosody !== undefined && { prosody }, ...absent && { runs: false, ...absent } };
}

function luaStatus(): Needs {
	const absent = Object.keys(modules).find((name) => findLuaBuild(name) === undefined);
	if (absent === undefined) {
		return { runs: true };
	}
	return { runs: false, missing: `not built: no mod_${absent}.lua in ${luaBuildFolder()}`, get: "npm run build" };
}

function originalStatus(places: Places, names: readonly string[]): Needs {
	const originals = names.flatMap((module): FoundOriginal[] => {
		const original = findOriginal(module, places);
		return original ? [{ module, ...original, problem: syntaxError(original.path) }] : [];
	});
	if (originals.some(({ problem }) => problem === undefined)) {
		return { runs: true, originals };
	}
	if (originals.length > 0) {
		return { runs: false, missing: originals[0]!.problem };
	}
	return {
		runs: false,
		missing: `no ${names.map((name) => `mod_${name}.lua`).join(" or ")} in ${moduleFolders(places).join(" or ")}`,
		get: "apt-get install prosody-modules on Debian 12 (Prosody 0.12), apt-get install prosody on Debian 13 "
			+ "(Prosody 13.0), or --original PATH",
	};
}
