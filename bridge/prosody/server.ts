import { BARE, type ModuleFile, type Setting } from "./setting";
import { Control, ControlListener, type Command, type Greeting, type UndeliveredStanza } from "./control";
import { commandIn, ENVIRONMENT, findProsody, missingFor, type InstalledProsody } from "./root";
import { configurationText, type Ports } from "./configuration";
import { existsSync, readFileSync } from "node:fs";
import { freePorts } from "./ports";
import { join } from "node:path";
import { OwnProcess } from "./process";
import { ServerFolder } from "./folder";
import { setImmediate } from "node:timers/promises";
import type { LogEntry } from "../api";

export type { Account, Component, ModuleFile, Setting } from "./setting";
export type { UndeliveredStanza } from "./control";

/** Seconds that Prosody may take to start. */
const START_PATIENCE = 30;

/** Seconds that Prosody may take to stop: closing streams takes it up to six. */
const STOP_PATIENCE = 10;

/** Seconds that Prosody may take to do what it is asked: what hangs there would hang us, too. */
const PATIENCE = 30;

/** How often other ports are tried when somebody took the ones chosen. */
const PORT_ATTEMPTS = 5;

/** A real Prosody in the foreground, on loopback. It ends with us, however we end. */
export interface ProsodyServer {
	/** On 127.0.0.1. May change with restart(). */
	readonly ports: Ports;
	/** `0.12.3`, as it calls itself. */
	readonly version: string;
	/** Its process. Changes with restart(). */
	readonly pid: number;
	/** For `prosodyctl --config`, in the server's root. */
	readonly configuration: string;
	/** Where it keeps its data: `localhost/cloud_notify/juliet.dat`, for one. */
	readonly dataFolder: string;
	/** Whether its process has failed: it is of no use then, and its log is kept. */
	readonly failed: boolean;
	/**
	 * Makes the server ready for a scenario: a fresh host `localhost`, accounts, components.
	 * @param log gets the server's log, all levels
	 * @param onUndelivered gets the stanzas that `localhost` itself sends to other servers, none of which can be found
	 * @throws Error with one clear line, if a module does not load, for one; end() is due all the same
	 */
	begin(
		setting: Setting, log: (entry: LogEntry) => void, onUndelivered?: (stanza: UndeliveredStanza) => void,
	): Promise<void>;
	/**
	 * Takes everything of the scenario away again: connections, sessions, stored data, modules with all they remember.
	 * @throws Error if something is left; the server is of no use then
	 */
	end(): Promise<void>;
	/**
	 * Resolves once what was on the server's sockets before has been read and worked off, what it wrote has left it, and
	 * what of that is for a socket of ours has been read, too.
	 */
	barrier(): Promise<void>;
	/** Fires an event with `user` set on `localhost`. */
	fire(event: string, user: string): Promise<void>;
	/** Reloads a module of `localhost`, as the shell does it. */
	reload(module: string): Promise<void>;
	/** Replaces the files of the modules under test; a reload or a restart then takes the new ones. */
	replaceModules(modules: Setting["modules"]): void;
	/** Stops the process (a proper shutdown, as on SIGTERM) and starts it on the stored data and the same setting. */
	restart(): Promise<void>;
	/** Bytes that its Lua values take after a full collection. */
	memory(): Promise<number>;
	/** Stops the process whatever happens, and removes its folder; if it had failed, all of it but the log. */
	stop(): Promise<void>;
}

/**
 * Starts the Prosody of a root file system, with nothing on it but `localhost`.
 * @param root `/`, or a folder: entered with chroot, in a user namespace if we are not root
 * @param patience seconds that it may take to do what it is asked; it is killed then, and what was asked of it rejects
 * @throws Error with one clear line: what is missing or went wrong, where, and where its log is
 */
export async function startProsody(root: string, patience = PATIENCE): Promise<ProsodyServer> {
	const missing = missingFor(root);
	if (missing) throw new Error(missing.get === undefined ? missing.missing : `${missing.missing}: ${missing.get}`);
	const server = new RunningServer(findProsody(root)!, await ControlListener.open(), patience);
	try {
		await server.start();
	} catch (error) {
		await server.stop();
		throw error;
	}
	return server;
}

class RunningServer implements ProsodyServer {
	version: string;
	readonly #prosody: InstalledProsody;
	readonly #listener: ControlListener;
	readonly #folder: ServerFolder;
	readonly #sasl2: boolean;
	readonly #patience: number;
	#ports: Ports | undefined;
	#process: OwnProcess | undefined;
	#control: Control | undefined;
	#setting: Setting = BARE;
	#log: (entry: LogEntry) => void = () => undefined;
	#onUndelivered: (stanza: UndeliveredStanza) => void = () => undefined;
	#restarted = false;
	#failed = false;

	constructor(prosody: InstalledProsody, listener: ControlListener, patience: number) {
		this.#prosody = prosody;
		this.#patience = patience;
		this.version = prosody.version;
		this.#listener = listener;
		this.#folder = new ServerFolder(prosody.root);
		const folder = join(prosody.root, prosody.moduleFolder);
		this.#sasl2 = ["sasl2", "sasl2_bind2"].every((name) => existsSync(join(folder, `mod_${name}`)));
	}

	get ports(): Ports {
		return { ...this.#ports! };
	}

	get pid(): number {
		return this.#process!.pid;
	}

	get failed(): boolean {
		return this.#failed;
	}

	get configuration(): string {
		return this.#folder.inside("prosody.cfg.lua");
	}

	get dataFolder(): string {
		return this.#folder.outside("data");
	}

	/** With nothing on it, from which on scenarios can begin. */
	async start(): Promise<void> {
		this.#setting = BARE;
		this.#folder.putModules([]);
		this.#folder.clearData();
		await this.#launch();
		await this.#request({ command: "clear" });
		this.#folder.clearData();
		this.#restarted = false;
	}

	async begin(
		setting: Setting,
		log: (entry: LogEntry) => void,
		onUndelivered: (stanza: UndeliveredStanza) => void = () => undefined,
	): Promise<void> {
		this.#setting = setting;
		this.#log = log;
		this.#onUndelivered = onUndelivered;
		this.#configure();
		this.#folder.putModules(filesOf(setting));
		await this.#request({
			command: "begin",
			accounts: setting.accounts,
			components: setting.components.map(({ jid }) => jid),
			modules: setting.modules.map(({ name }) => name),
		});
	}

	async end(): Promise<void> {
		this.#log = () => undefined;
		this.#onUndelivered = () => undefined;
		if (this.#restarted) {
			// What there was before the first host is not known in this process.
			await this.#shutDown();
			await this.start();
			return;
		}
		await this.#request({ command: "end" });
		this.#folder.clearData();
	}

	async barrier(): Promise<void> {
		await this.#request({ command: "barrier" });
		// What other sockets of ours got came before the answer, but they may have been seen to before the answer was: once
		// more, from the next immediate on.
		await setImmediate();
		await setImmediate();
	}

	async fire(event: string, user: string): Promise<void> {
		await this.#request({ command: "fire", event, user });
	}

	async reload(module: string): Promise<void> {
		await this.#request({ command: "reload", module });
	}

	replaceModules(modules: Setting["modules"]): void {
		this.#setting = { ...this.#setting, modules };
		this.#folder.putModules(filesOf(this.#setting));
	}

	async restart(): Promise<void> {
		this.#restarted = true;
		await this.#shutDown();
		await this.#launch();
		await this.#request({ command: "load", modules: this.#setting.modules.map(({ name }) => name) });
	}

	async memory(): Promise<number> {
		return Number(await this.#request({ command: "memory" }));
	}

	async stop(): Promise<void> {
		this.#listener.close();
		if (this.#process?.hasEnded === false) this.#failed ||= !await this.#process.stop(STOP_PATIENCE);
		this.#control?.close();
		if (this.#folder.exists) this.#folder.remove({ keepLog: this.#failed });
	}

	/** Starts the process; on other ports if somebody took ours. */
	async #launch(): Promise<void> {
		for (let attempt = 1; ; attempt++) {
			if (!this.#ports) {
				const [c2s, component] = await freePorts(2);
				this.#ports = { c2s: c2s!, component: component! };
			}
			this.#configure();
			const { listening } = await this.#startProcess();
			if (listening.c2s && listening.component) return;
			await this.#process!.kill();
			this.#ports = undefined;
			if (attempt === PORT_ATTEMPTS) throw await this.#failure(`found its ports taken ${attempt} times`);
		}
	}

	async #startProcess(): Promise<Greeting> {
		const program = [this.#prosody.program, "--config", this.configuration, "--no-daemonize"] as const;
		const started = new OwnProcess(commandIn(this.#prosody.root, program), ENVIRONMENT);
		this.#process = started;
		const timeout = new AbortController();
		const timer = setTimeout(() => timeout.abort(), START_PATIENCE * 1000);
		try {
			const accepted = this.#listener.accept(timeout.signal);
			const connected = await Promise.race([accepted, started.ended]);
			if (typeof connected === "string") {
				accepted.catch(() => undefined);
				throw await this.#failure(`ended while starting (${connected})`);
			}
			started.letEndItself();
			this.#control = connected.control;
			this.#control.onLog = (entry) => this.#log(entry);
			this.#control.onUndelivered = (stanza) => this.#onUndelivered(stanza);
			this.version = connected.greeting.version;
			return connected.greeting;
		} catch (error) {
			if (!timeout.signal.aborted) throw error;
			throw await this.#failure(`did not start within ${START_PATIENCE} seconds`);
		} finally {
			clearTimeout(timer);
			timeout.abort();
		}
	}

	/** A proper shutdown. */
	async #shutDown(): Promise<void> {
		await this.#request({ command: "shutdown" });
		if (!await this.#process!.waitFor(STOP_PATIENCE)) {
			throw await this.#failure(`did not stop within ${STOP_PATIENCE} seconds and was killed`);
		}
		// What it told last may not have been read yet.
		await this.#control!.ended;
	}

	/** Has the control module carry out a command. A server that does not come to an end with it is killed. */
	async #request(command: Command): Promise<unknown> {
		let isLate = false;
		const running = this.#process!;
		const timer = setTimeout(() => {
			isLate = true;
			void running.kill();
		}, this.#patience * 1000);
		try {
			return await this.#control!.request(command);
		} catch (error) {
			if (!this.#control!.lost) throw error;
			// The process ends with the connection.
			const ending = await running.kill();
			throw await this.#failure(isLate
				? `did not come to an end with ${JSON.stringify(command.command)} within ${this.#patience} seconds and was killed`
				: `ended unexpectedly (${ending})`);
		} finally {
			clearTimeout(timer);
		}
	}

	#configure(): void {
		this.#folder.write("prosody.cfg.lua", configurationText({
			folder: this.#folder,
			ports: this.#ports!,
			control: this.#listener,
			sasl2: this.#sasl2,
			setting: this.#setting,
		}));
	}

	/** Ends the process, and says what went wrong: where, the last error in its log, and where that is. */
	async #failure(what: string): Promise<Error> {
		this.#failed = true;
		await this.#process?.kill();
		const path = this.#folder.outside("prosody.log");
		const log = existsSync(path) ? readFileSync(path, "utf8") : "";
		const why = lastError(log) ?? (this.#process && complaint(this.#process.written));
		const where = log === "" ? "" : `; its log is ${path}`;
		return new Error(`Prosody ${this.version} in ${this.#prosody.root} ${what}${why === undefined ? "" : `: ${why}`}${where}`);
	}
}

/** All modules that come before the installed ones. */
function filesOf({ modules, dependencies = [] }: Setting): ModuleFile[] {
	return [...modules, ...dependencies];
}

/** The message of the last error in a log. */
function lastError(log: string): string | undefined {
	return [...log.matchAll(/^\S.*?\terror\t(.*)$/gm)].at(-1)?.[1];
}

/** What Prosody says before it has a log, or what keeps it from running at all. */
function complaint({ stdout, stderr }: OwnProcess["written"]): string | undefined {
	const said = /^(?:Error.*|Danger.*|.* is required for Prosody to run.*)$/m.exec(stdout)?.[0];
	return said ?? (stderr.split("\n", 1)[0] || undefined);
}
