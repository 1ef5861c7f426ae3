import type { Require } from "../../bridge/api";
import { chance } from "./chance";

/** Seconds to wait at least, give or take the jitter: no service is helped by less. */
const shortest_delay = 1;
/** Seconds that waiting is doubled up to, give or take the jitter. */
const longest_delay = 15 * 60;

/** Seconds to wait before a retry, of which this is the first for 0, the second for 1. */
export type Backoff = (this: void, retries: number) => number;

/**
 * Waits twice as long before each retry, and by chance up to half as long or half as long again, lest everybody comes
 * back at once to a service that was overloaded.
 * @param first_delay seconds, 1 or more
 */
export function doubling_backoff(require: Require, first_delay: number): Backoff {
	const draw = chance(require);
	const first = Math.max(first_delay, shortest_delay);
	return (retries) => Math.min(first * 2 ** retries, longest_delay) * (0.5 + draw());
}
