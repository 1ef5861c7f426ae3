import type { LaneName } from "../scenario/lane-selector";

/** Every lane: `implementation@host`. The first is the reference. */
export const LANES = [
	"ts@node", "ts@fengari", "lua@fengari", "original@fengari", "lua@prosody", "original@prosody",
] as const satisfies readonly LaneName[];

export type { LaneName };

/** Whether a name is a lane's. */
export function isLane(name: string): name is LaneName {
	return LANES.some((lane) => lane === name);
}

/** Whether the lane runs upstream's modules rather than ours. */
export function isOriginal(lane: LaneName): boolean {
	return lane.startsWith("original@");
}

/** Whether a real server runs on the lane: on a clock of its own, its stores out of sight. */
export function isReal(lane: LaneName): boolean {
	return lane.endsWith("@prosody");
}
