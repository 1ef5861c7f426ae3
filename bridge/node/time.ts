import type { Clock } from "../api/host";
import type { TimeLibrary } from "../api/libraries";

/** `util.time`. The virtual clock never goes back, so that both functions tell its time. */
export function createTime(clock: Clock): TimeLibrary {
	return { now: () => clock.now(), monotonic: () => clock.now() };
}
