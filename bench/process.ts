import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Lane } from "./lanes";
import type { Cost, Load } from "./subject";

/** The path of a script that `run.mjs` bundles. */
export function scriptPath(script: string): string {
	return fileURLToPath(new URL(script, import.meta.url));
}

/** A module on a host, ready to push, in a process of its own: nothing that the others leave behind slows it down. */
export class Subject {
	readonly name: string;
	readonly #process: ChildProcessWithoutNullStreams;
	readonly #answers: AsyncIterator<string>;
	#problem = "";

	private constructor(name: string, command: string, args: readonly string[], environment: NodeJS.ProcessEnv) {
		this.name = name;
		this.#process = spawn(command, args, { env: { ...process.env, ...environment } });
		this.#process.stderr.setEncoding("utf8").on("data", (text: string) => {
			this.#problem += text;
		});
		// That it is gone is seen by its output, which ends.
		this.#process.stdin.on("error", () => undefined);
		this.#process.on("error", ({ message }) => {
			this.#problem += message;
		});
		this.#answers = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
	}

	/** Starts one of our lanes. */
	static async ofLane(lane: Lane): Promise<Subject> {
		return Subject.ofScript(lane.name, "serve.mjs", [JSON.stringify(lane)]);
	}

	/** Starts one of the scripts that `run.mjs` bundles. */
	static async ofScript(
		name: string, script: string, args: readonly string[], environment: NodeJS.ProcessEnv = {},
	): Promise<Subject> {
		return Subject.ofCommand(name, [process.execPath, "--expose-gc", scriptPath(script), ...args], environment);
	}

	/**
	 * Starts a program that takes the commands of `serve.ts`, and waits until it is ready.
	 * @throws the first line of what it says if it ends instead
	 */
	static async ofCommand(
		name: string, [command, ...args]: readonly [string, ...string[]], environment: NodeJS.ProcessEnv = {},
	): Promise<Subject> {
		const subject = new Subject(name, command, args, environment);
		await subject.#answer();
		return subject;
	}

	/**
	 * Registers devices of the first users.
	 * @param enable what their clients send, as XML in one line, `{user}` being the user's name; XEP-0357's element if absent
	 */
	async register(users: number, devices: number, enable?: string): Promise<void> {
		await this.#command("register", users, devices, ...enable === undefined ? [] : [enable]);
	}

	async push({ messages, users, kind, answered }: Load): Promise<Cost> {
		const answer = await this.#command("push", messages, users, kind, answered);
		const [seconds, pushes, bytes] = answer.split(" ").map(Number) as [number, number, number];
		return { seconds, pushes, bytes };
	}

	/** The seconds that it has computed since it started. */
	async computed(): Promise<number> {
		return Number(await this.#command("computed"));
	}

	/** The memory in use once all garbage is collected, in bytes. */
	async memory(): Promise<number> {
		return Number(await this.#command("memory"));
	}

	/** Lets time pass on its clock, in seconds, and runs its event loop: Prosody's lets go of the timers that were stopped. */
	async pass(seconds: number): Promise<void> {
		await this.#command("pass", seconds);
	}

	close(): void {
		this.#process.stdin.end();
	}

	#command(...words: (string | number | boolean)[]): Promise<string> {
		this.#process.stdin.write(`${words.join(" ")}\n`);
		return this.#answer();
	}

	async #answer(): Promise<string> {
		const { value, done } = await this.#answers.next();
		if (!done) return value;
		throw new Error(this.#problem.trim().split("\n", 1)[0] || `${this.name} ended`);
	}
}
