import type { LogEntry, Machine } from "../../bridge/api";
import { createMemoryDisk } from "../../bridge/node/disk";
import { createClock } from "../../bridge/server/clock";

export interface TestMachine extends Machine {
	logged: LogEntry[];
}

/** A machine whose clock stands at 1,700,000,000 and whose randomness counts up. */
export function createMachine(options: Record<string, string> = {}): TestMachine {
	let random = 0;
	const logged: LogEntry[] = [];
	return {
		clock: createClock(1_700_000_000),
		disk: createMemoryDisk(),
		random_bytes: (count) => Uint8Array.from({ length: count }, () => random++ & 0xff),
		options,
		log: (entry) => { logged.push(entry); },
		logged,
	};
}
