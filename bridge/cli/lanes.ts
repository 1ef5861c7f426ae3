import { places } from "./lane-options";
import { laneStatuses } from "../lanes/status";
import { outputStyle, print } from "./terminal";
import { recordingsInstead } from "../lanes/recorded";
import { tableLines } from "./table";
import { writeJson } from "../trace/json";
import type { Cell } from "./table";
import type { LaneStatus } from "../lanes/status";
import type { PlaceOptions } from "./lane-options";

export interface LanesOptions extends PlaceOptions {
	json?: boolean;
	color: boolean;
}

/** `prosody-push lanes`: which lanes can run here, and what the others lack. */
export function lanesCommand(options: LanesOptions): void {
	const where = places(options);
	const statuses = laneStatuses(where, [], recordingsInstead(where));
	if (options.json) {
		print(writeJson(statuses, { lines: true }));
		return;
	}
	const rows = statuses.flatMap((status) => rowsOf(status));
	print(...tableLines(["lane", "runs here", ""], rows, outputStyle(options)));
}

function rowsOf({ lane, runs, prosody, originals = [], recorded, missing, get }: LaneStatus): Cell[][] {
	const notes = [
		...(prosody === undefined ? [] : [`Prosody ${prosody}`]),
		...originals.map(({ module, series, path, problem }) => {
			return `mod_${module}${series === undefined ? "" : ` of Prosody ${series}`}: ${problem ?? path}`;
		}),
		...Object.entries(recorded ?? {}).map(([revision, count]) => {
			return `${count} ${count === 1 ? "scenario" : "scenarios"} recorded with ${revision}`;
		}),
		...(missing === undefined ? [] : [missing]),
		...(get === undefined ? [] : [`to get it: ${get}`]),
	];
	const runsCell: Cell = runs ? { text: "yes", colour: "green" } : { text: recorded ? "recorded" : "no", colour: "yellow" };
	const [first = "", ...others] = notes;
	const below = others.map((text) => [{ text: "" }, { text: "" }, { text }]);
	return [[{ text: lane }, runsCell, { text: first }], ...below];
}
