import { Worker } from "node:worker_threads";

/** Where a run is written that does not end, and what is said of it. */
export interface Watched {
	path: string;
	script: string;
	message: string;
}

/** What the watchdog's thread does: it is told of each run, and kills the process if it is told of no other in time. */
const THREAD = `
	const { parentPort, workerData } = require("node:worker_threads");
	const { writeFileSync, writeSync } = require("node:fs");
	let timer;
	parentPort.on("message", (watched) => {
		clearTimeout(timer);
		if (!watched) return;
		timer = setTimeout(() => {
			try {
				writeFileSync(watched.path, watched.script);
			} finally {
				writeSync(2, watched.message);
				process.kill(process.pid, "SIGKILL");
			}
		}, workerData.seconds * 1000);
	});
`;

/**
 * Ends the process if a run does not end. Code under test may loop for ever, and then nothing else in the process can
 * do anything: the run is written down by a thread of its own.
 */
export class Watchdog {
	readonly #thread: Worker;

	/** @param seconds how long a run may take */
	constructor(seconds: number) {
		this.#thread = new Worker(THREAD, { eval: true, workerData: { seconds } });
		this.#thread.unref();
	}

	/** A run begins, and the one before has ended. */
	watch(run: Watched): void {
		this.#thread.postMessage(run);
	}

	/** The last run has ended. */
	async close(): Promise<void> {
		await this.#thread.terminate();
	}
}
