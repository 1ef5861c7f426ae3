import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Original } from "../bridge/lanes/originals";
import { packageRoot } from "../bridge/package-root";
import type { Lane } from "./lanes";
import type { Cost, Load } from "./subject";

const LUA = "lua5.4";

/** A module on a host, ready to push, in a process of its own: nothing that the others leave behind slows it down. */
export class Subject {
	readonly name: string;
	/** Whether its clock is virtual. */
	readonly isVirtual: boolean;
	readonly #process: ChildProcessWithoutNullStreams;
	readonly #answers: AsyncIterator<string>;
	#problem = "";

	private constructor(name: string, isVirtual: boolean, command: string, args: readonly string[]) {
		this.name = name;
		this.isVirtual = isVirtual;
		this.#process = spawn(command, args);
		this.#process.stderr.setEncoding("utf8").on("data", (text: string) => {
			this.#problem += text;
		});
		// That it is gone is seen by its output, which ends.
		this.#process.stdin.on("error", () => undefined);
		this.#answers = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
	}

	/** Starts one of our lanes. */
	static async ofLane(lane: Lane): Promise<Subject> {
		const script = fileURLToPath(new URL("serve.mjs", import.meta.url));
		const subject = new Subject(lane.name, true, process.execPath, ["--expose-gc", script, JSON.stringify(lane)]);
		await subject.#answer();
		return subject;
	}

	/**
	 * Starts an original under real Lua with real Prosody's libraries. Throws why that cannot be done here.
	 * @param collector whether garbage is collected by Prosody's settings or by Lua's own, with which it is faster
	 */
	static async ofProsody(original: Original, collector: "prosody" | "lua"): Promise<Subject> {
		if (spawnSync(LUA, ["-v"]).error !== undefined) throw new Error(`there is no ${LUA}`);
		const libraries = librariesOf(original);
		if (libraries === undefined) throw new Error(`Prosody's libraries are not above ${original.path}`);
		const [script, work] = ["prosody.lua", "mod_bench.lua"].map((file) => join(packageRoot(), "bench", file));
		const name = nameUnderLua(original) + (collector === "lua" ? ", Lua's own GC" : "");
		const subject = new Subject(name, false, LUA, [script!, libraries, original.path, work!, collector]);
		await subject.#answer();
		return subject;
	}

	/** Registers devices of the first users. */
	async register(users: number, devices: number): Promise<void> {
		await this.#command("register", users, devices);
	}

	async push({ messages, users, kind, answered }: Load): Promise<Cost> {
		const answer = await this.#command("push", messages, users, kind, answered);
		const [seconds, pushes, bytes] = answer.split(" ").map(Number) as [number, number, number];
		return { seconds, pushes, bytes };
	}

	/** The memory in use once all garbage is collected, in bytes. */
	async memory(): Promise<number> {
		return Number(await this.#command("memory"));
	}

	/** Lets time pass on a virtual clock, in seconds. */
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

/** What an original is called that runs under real Lua. */
export function nameUnderLua({ series }: Original): string {
	return `original@${LUA} (${series})`;
}

/** The libraries of the Prosody that an original belongs to: in a folder above it. */
function librariesOf({ path }: Original): string | undefined {
	for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
		if (existsSync(join(folder, "core", "moduleapi.lua"))) return folder;
	}
	return undefined;
}
