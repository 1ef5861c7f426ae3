import type { Clock } from "../api";
import { createClock } from "./clock";

/** The longest that `setTimeout` waits, in seconds. */
const LONGEST_WAIT = 2 ** 31 / 1000 - 1;

/**
 * A clock that goes by itself, in real time: for a host that serves, not for a scenario. What is scheduled keeps the process
 * running. It cannot be moved on. Setting the system's clock changes `now`, and not how long anything takes.
 */
export function createRealClock(): Clock {
	/** What is scheduled, by seconds since the process started. */
	const virtual = createClock(performance.now() / 1000);
	let timer: NodeJS.Timeout | undefined;
	let wakesAt = Infinity;

	function behind(): number {
		return Math.max(0, performance.now() / 1000 - virtual.now());
	}

	function wake(): void {
		timer = undefined;
		wakesAt = Infinity;
		try {
			virtual.advance(behind());
		} finally {
			arm();
		}
	}

	/** Sees to it that it wakes when the next thing falls due. */
	function arm(): void {
		const due = virtual.now() + virtual.next_due();
		if (timer !== undefined && due === wakesAt) return;
		clearTimeout(timer);
		timer = undefined;
		wakesAt = due;
		if (due === Infinity) return;
		const wait = Math.min(Math.max(0, due - performance.now() / 1000), LONGEST_WAIT);
		timer = setTimeout(wake, Math.ceil(wait * 1000));
	}

	return {
		now: () => Date.now() / 1000,
		schedule(delay, callback) {
			const cancel = virtual.schedule(Math.max(0, delay) + behind(), callback);
			arm();
			return () => {
				cancel();
				arm();
			};
		},
		advance() {
			throw new Error("A real clock goes by itself");
		},
		next_due: () => Math.max(0, virtual.next_due() - behind()),
	};
}
