import { randomBytes } from "node:crypto";
import type { Clock, Machine } from "../api";
import { createClock } from "../server/clock";
import { createMemoryDisk } from "../node/disk";

/**
 * A clock that goes on by itself, as it does under busted, and that a spec may move on further. As under busted,
 * nothing runs a loop: what is scheduled falls due only when a spec moves the clock.
 */
function createRunningClock(): Clock {
	const started = performance.now();
	const clock = createClock(Date.now() / 1000);
	return { ...clock, now: () => clock.now() + (performance.now() - started) / 1000 };
}

/** What specs run on: true randomness, an empty disk, no HTTP, no log. */
export function createSpecMachine(): Machine {
	return {
		clock: createRunningClock(),
		disk: createMemoryDisk(),
		random_bytes: (count) => randomBytes(count),
		options: {},
		log: () => undefined,
	};
}
