import { CommandError, EXIT, withFile } from "./errors";
import { LANES, isLane } from "../lanes/lane";
import { asSeenFromHere } from "./seen-from-here";
import { join } from "node:path";
import { packageRoot } from "../package-root";
import { statSync } from "node:fs";
import type { LaneName } from "../lanes/lane";
import type { LaneStatus } from "../lanes/status";
import type { Places } from "../lanes/originals";

/** What `--original`, `--prosody-root`, `--recorded` and `--with` say. */
export interface PlaceOptions {
	original?: string;
	prosodyRoot: string;
	/** The package's own if absent. */
	recorded?: string;
	/** Modules to take from upstream on every lane, without `mod_`; none if absent. */
	with?: string[];
}

/**
 * Where to look for upstream modules, and for recordings of them.
 * @throws CommandError if what was named is not there
 */
export function places({ original, prosodyRoot, recorded, with: upstream }: PlaceOptions): Places & { recorded: string } {
	if (original !== undefined) {
		withFile(original, "read", () => statSync(original));
	}
	if (recorded !== undefined && !withFile(recorded, "read", () => statSync(recorded)).isDirectory()) {
		throw new CommandError(`--recorded ${recorded}: expected a folder`);
	}
	if (!withFile(prosodyRoot, "read", () => statSync(prosodyRoot)).isDirectory()) {
		throw new CommandError(`--prosody-root ${prosodyRoot}: expected the folder that is the root of a file system`);
	}
	return { original, prosodyRoot, recorded: recorded ?? ownRecordings(), upstream: upstream && [...new Set(upstream)] };
}

/** The package's recordings, as seen from the working directory if they lie there. */
function ownRecordings(): string {
	return asSeenFromHere(join(packageRoot(), "spec", "recorded"));
}

/**
 * A lane by its name.
 * @throws CommandError
 */
export function parseLane(name: string): LaneName {
	if (!isLane(name)) {
		throw new CommandError(`no lane is called ${JSON.stringify(name)}: expected one of ${LANES.join(", ")}`);
	}
	return name;
}

/**
 * Lanes by their names, separated by commas.
 * @throws CommandError
 */
export function parseLanes(names: string): LaneName[] {
	return names.split(",").map((name) => parseLane(name.trim()));
}

/** What lanes that cannot run lack, and how to get it: a line for those that lack the same. */
export function lacking(statuses: readonly LaneStatus[]): string[] {
	const lanes = new Map<string, LaneName[]>();
	for (const { lane, missing, get } of statuses) {
		const what = `${missing}${get === undefined ? "" : `; to get it: ${get}`}`;
		lanes.set(what, [...lanes.get(what) ?? [], lane]);
	}
	return [...lanes].map(([what, names]) => `${names.join(", ")}: ${what}`);
}

/** Whether something can be run on the lane, or shown as it was recorded. */
function isUsable({ runs, recorded }: LaneStatus): boolean {
	return runs || recorded !== undefined;
}

/**
 * The lanes to run on: those asked for, else all that can run.
 * @param statuses of all lanes, there (`laneStatuses`)
 * @throws CommandError if one that was asked for cannot run here
 */
export function chooseLanes(
	asked: readonly LaneName[] | undefined, where: Places, statuses: readonly LaneStatus[],
): LaneName[] {
	if (!asked) {
		const original = statuses.find(({ lane }) => lane === "original@fengari")!;
		if (where.original !== undefined && !original.runs) {
			const isFound = original.get === undefined;
			throw new CommandError(isFound ? original.missing! : `--original ${where.original}: ${original.missing}`);
		}
		return statuses.filter(isUsable).map(({ lane }) => lane);
	}
	const unavailable = statuses.find((status) => asked.includes(status.lane) && !isUsable(status));
	if (unavailable) {
		throw new CommandError(`cannot run on ${lacking([unavailable])[0]}`, EXIT.unavailable);
	}
	return [...new Set(asked)];
}
