import type { Clock } from "../api/host";
import type { TimerLibrary, Watchdog, WatchdogLibrary } from "../api/libraries";

/**
 * `util.watchdog` of Prosody 0.12: it looks one second after it may be due, in whole seconds, whether it is, and if it
 * was reset meanwhile, looks again one second after it then may be.
 */
export function createWatchdog(clock: Clock, timer: TimerLibrary): WatchdogLibrary {
	const seconds = (): number => Math.floor(clock.now());
	return {
		new(timeout, callback) {
			let last_reset: number | undefined = seconds();
			const watchdog: Watchdog = {
				timeout,
				callback,
				reset() {
					last_reset = seconds();
				},
				cancel() {
					last_reset = undefined;
				},
			};
			timer.add_task(timeout + 1, (now) => {
				if (last_reset === undefined) return undefined;
				const time_left = last_reset + timeout - now;
				return time_left < 0 ? watchdog.callback(watchdog) : time_left + 1;
			});
			return watchdog;
		},
	};
}
