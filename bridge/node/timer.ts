import type { Clock } from "../api/host";
import type { LogFunction } from "../api/session";
import type { TimerLibrary } from "../api/libraries";

type Callback = (this: void, now: number) => number | undefined | void;

class Task {
	/** Absent once the task is stopped: whoever keeps its id does not keep all that it was to work on. */
	callback: Callback | undefined;
	/** Takes the call back that is scheduled; absent while the callback runs. */
	cancel: (() => void) | undefined;

	constructor(callback: Callback) {
		this.callback = callback;
	}
}

/** `util.timer`, and how an instance lets go of all its timers. */
export interface Timers extends TimerLibrary {
	/** Stops all tasks; none runs from now on. */
	stop_all(this: void): void;
}

/** Timers on the machine's clock. A callback that throws is logged and not called again. */
export function createTimers(clock: Clock, log: LogFunction): Timers {
	/** Tasks that are scheduled or running, and were not stopped. */
	const active = new Set<Task>();
	let stopped = false;

	function schedule(task: Task, delay: number): void {
		task.cancel = clock.schedule(delay, () => run(task));
	}

	function run(task: Task): void {
		task.cancel = undefined;
		let again: number | undefined | void;
		try {
			again = task.callback?.(clock.now());
		} catch (error) {
			log("error", "Traceback[timer]: %s", error instanceof Error ? error.stack : error);
		}
		if (typeof again === "number" && active.has(task)) schedule(task, again);
		else active.delete(task);
	}

	function expectTask(id: unknown): Task {
		if (id instanceof Task) return id;
		throw new Error("a timer is known by the id that add_task returned");
	}

	return {
		add_task(delay, callback) {
			const task = new Task(callback);
			if (stopped) return task;
			active.add(task);
			schedule(task, delay);
			return task;
		},
		stop(id) {
			const task = expectTask(id);
			task.cancel?.();
			task.callback = undefined;
			return active.delete(task);
		},
		reschedule(id, delay) {
			const task = expectTask(id);
			if (active.has(task) && task.cancel !== undefined) {
				task.cancel();
				schedule(task, delay);
			}
			return id;
		},
		stop_all() {
			stopped = true;
			for (const task of active) task.cancel?.();
			active.clear();
		},
	};
}
