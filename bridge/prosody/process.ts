import { spawn, type ChildProcess } from "node:child_process";

/** How a process ended, for a person: `exit status 1`, `SIGKILL`. */
export type Ending = string;

/** So many characters of what a process writes are kept. */
const KEPT = 10_000;

/** Killed if they are there when we exit. */
const dependent = new Set<ChildProcess>();
process.on("exit", () => {
	for (const child of dependent) child.kill("SIGKILL");
});

/** A process that we started, in a session of its own: signals from the terminal reach us alone. */
export class OwnProcess {
	/** Resolves when it has ended. */
	readonly ended: Promise<Ending>;
	readonly #child: ChildProcess;
	readonly #written = { stdout: "", stderr: "" };
	#hasEnded = false;

	/** @param command the program and its arguments */
	constructor([program, ...args]: readonly [string, ...string[]], environment: NodeJS.ProcessEnv) {
		const child = spawn(program, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], env: environment, cwd: "/" });
		this.#child = child;
		dependent.add(child);
		for (const name of ["stdout", "stderr"] as const) {
			child[name].setEncoding("utf8");
			child[name].on("data", (text: string) => {
				this.#written[name] = `${this.#written[name]}${text}`.slice(0, KEPT);
			});
		}
		this.ended = new Promise((resolve) => {
			const end = (ending: Ending) => {
				this.#hasEnded = true;
				dependent.delete(child);
				resolve(ending);
			};
			child.once("error", (error) => end(error.message));
			child.once("close", (status, signal) => end(signal ?? `exit status ${status}`));
		});
	}

	/** Throws if it could not be started. */
	get pid(): number {
		if (this.#child.pid === undefined) throw new Error("the process could not be started");
		return this.#child.pid;
	}

	/** From here on it notices by itself that we are gone, and cleans up then. */
	letEndItself(): void {
		dependent.delete(this.#child);
	}

	get hasEnded(): boolean {
		return this.#hasEnded;
	}

	/** The beginning of what it wrote to its standard output and error. */
	get written(): { readonly stdout: string; readonly stderr: string } {
		return this.#written;
	}

	/**
	 * Ends it: asks it to, and kills it if it is still there after so many seconds.
	 * @returns whether it ended by itself
	 */
	async stop(patience: number): Promise<boolean> {
		if (!this.#hasEnded) this.#child.kill("SIGTERM");
		return this.waitFor(patience);
	}

	/**
	 * Waits until it has ended, and kills it if it is still there after so many seconds.
	 * @returns whether it ended by itself
	 */
	async waitFor(patience: number): Promise<boolean> {
		const timer = setTimeout(() => this.#child.kill("SIGKILL"), patience * 1000);
		const ending = await this.ended;
		clearTimeout(timer);
		return ending !== "SIGKILL";
	}

	kill(): Promise<Ending> {
		if (!this.#hasEnded) this.#child.kill("SIGKILL");
		return this.ended;
	}
}
