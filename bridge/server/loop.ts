import type { Clock } from "../api";

/** A connection with something to write. */
export interface Writer {
	flush(): void;
}

/**
 * The server's event loop: one thing happens at a time, and what was written meanwhile leaves when it is done. A
 * client that answers while it receives is heard in the next turn, so nothing recurses.
 */
export class EventLoop {
	private readonly clock: Clock;
	private readonly tasks: (() => void)[] = [];
	private readonly writers = new Set<Writer>();
	private busy = false;
	private awaited = false;

	constructor(clock: Clock) {
		this.clock = clock;
	}

	/** Runs at once if the server is idle, else after what is going on. */
	post(task: () => void): void {
		this.tasks.push(task);
		if (!this.busy) this.turn();
	}

	/** Runs at once, also while something is going on, and returns the result. */
	run<Result>(task: () => Result): Result {
		if (this.busy) return task();
		this.busy = true;
		try {
			return task();
		} finally {
			this.turn();
		}
	}

	/** Takes note of a connection to be flushed. A timer can be what wrote to it: then it is flushed right after. */
	wake(writer: Writer): void {
		this.writers.add(writer);
		if (this.busy || this.awaited) return;
		this.awaited = true;
		this.clock.schedule(0, () => {
			this.awaited = false;
			if (!this.busy) this.turn();
		});
	}

	private turn(): void {
		this.busy = true;
		try {
			for (;;) {
				const [writer] = this.writers;
				if (writer) {
					this.writers.delete(writer);
					writer.flush();
					continue;
				}
				const task = this.tasks.shift();
				if (!task) return;
				task();
			}
		} finally {
			this.busy = false;
		}
	}
}
