import type { ModuleApi, Require, Timer } from "../../bridge/api";

/** A timer that goes off as much too early as numbers are inexact is not set again for no time at all. */
const shortest_wait = 0.01;

/** Timers by name, which go with the instance of the module that set them. */
export interface Alarms {
	/** Sets an alarm, in place of the one of that name. @param at seconds of `util.time`'s `monotonic` */
	set(this: void, name: string, at: number, callback: (this: void) => void): void;
	stop(this: void, name: string): void;
}

export function alarm_setter(module: ModuleApi, require: Require): Alarms {
	const time = require("util.time");
	const timers = new Map<string, Timer>();

	const stop = (name: string): void => {
		timers.get(name)?.stop();
		timers.delete(name);
	};

	return {
		set: (name, at, callback) => {
			stop(name);
			timers.set(name, module.add_timer(Math.max(at - time.monotonic(), shortest_wait), () => {
				timers.delete(name);
				callback();
				return undefined;
			}));
		},
		stop,
	};
}
