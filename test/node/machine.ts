import type { LogEntry, Machine } from "../../bridge/api";
import { createClock } from "../../bridge/server/clock";
import { createMemoryDisk } from "../../bridge/node";

/** When the clocks of these tests start: 2023-11-14T22:13:20Z. */
export const START = 1_700_000_000;

/** A machine that keeps its log, with bytes that count up. */
export function createTestMachine(options: Record<string, string> = {}): Machine & { entries: LogEntry[] } {
	const entries: LogEntry[] = [];
	let next = 0;
	return {
		clock: createClock(START),
		disk: createMemoryDisk(),
		random_bytes: (count) => Uint8Array.from({ length: count }, () => next++ & 0xff),
		options,
		log: (entry) => entries.push(entry),
		entries,
	};
}

/** Names that are not what they seem in a table that inherits members, or that is indexed like a list. */
export const HOSTILE_NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "length", "5", "1", ""];
