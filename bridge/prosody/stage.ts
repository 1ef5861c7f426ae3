import { CharacterStage } from "../scenario/character-stage";
import { Client } from "./client";
import { Component } from "./component";
import { HttpsPushService } from "./push-service";
import { Inbox } from "./inbox";
import { optionsFor } from "../webpush/option";
import { setTimeout } from "node:timers/promises";
import { usernameOf } from "../scenario/login";
import type { Account, ModuleFile, ProsodyServer } from "./server";
import type { Character, ClientCharacter, ComponentCharacter, WebPushCharacter } from "../scenario/stage";
import type { LogEntry } from "../api";
import type { Push } from "../webpush/service";
import type { Scenario } from "../scenario/scenario";
import type { TraceEntry } from "../trace/entry";
import type { Traffic } from "./connection";

const LOCALHOST = "localhost";
const ADDRESS = "127.0.0.1";

/** Seconds that server and characters may go on sending one another things after a step. */
const SETTLING_TIMEOUT = 30;

/** What a `ProsodyStage` needs beside the scenario. */
export interface ProsodyStageSettings {
	/** Running, and free: the stage begins the scenario on it. */
	server: ProsodyServer;
	/** Ends the scenario on the server, once the characters have left. */
	release(): Promise<void>;
	/** What to load on `localhost`, in this order. */
	modules: readonly ModuleFile[];
	/** Modules that these may depend on, in place of those that the server has; none if absent. */
	dependencies?: readonly ModuleFile[];
	/** Gets the server's log. */
	log?(entry: LogEntry): void;
}

/**
 * A real Prosody with everyone in the scenario on a connection of their own. Time is real. After every step the stage
 * lets server and characters come to rest, so that what a step leads to goes out during that step.
 */
export class ProsodyStage extends CharacterStage<Client, Component, HttpsPushService> {
	readonly #server: ProsodyServer;
	readonly #release: () => Promise<void>;
	readonly #log: ProsodyStageSettings["log"];
	readonly #inboxes = new Map<string, Inbox>();
	readonly #traffic: Traffic = { count: 0 };
	readonly #trace: TraceEntry[] = [];
	#start = performance.now();

	/**
	 * Makes the server ready, opens the push services and connects the components. Rejects if a module cannot be loaded or a
	 * component cannot be connected.
	 */
	static async begin(scenario: Scenario, settings: ProsodyStageSettings): Promise<ProsodyStage> {
		const { server, release, modules, dependencies, log } = settings;
		const stage = new ProsodyStage(server, release, log);
		const { characters, options } = scenario;
		try {
			for (const character of characters) await stage.#cast(character);
			await server.begin({
				options: optionsFor(stage.pushServices.values(), options),
				modules,
				dependencies,
				accounts: accountsOf(characters.filter((character) => character.kind === "client")),
				components: characters.filter((character) => character.kind === "component")
					.map(({ jid, password }) => ({ jid, password })),
			}, (entry) => log?.(entry), (stanza) => {
				stage.#trace.push({ at: stage.elapsed, kind: "stanza", ...stanza, undelivered: true });
			});
			stage.#start = performance.now();
			for (const component of stage.components.values()) await component.connect();
			await stage.settle();
			return stage;
		} catch (error) {
			try {
				await stage.close();
			} catch (another) {
				throw new AggregateError([error, another], error instanceof Error ? error.message : String(error));
			}
			throw error;
		}
	}

	private constructor(server: ProsodyServer, release: () => Promise<void>, log: ProsodyStageSettings["log"]) {
		super();
		this.#server = server;
		this.#release = release;
		this.#log = log;
	}

	get trace(): readonly TraceEntry[] {
		return this.#trace;
	}

	get began(): number {
		return (performance.timeOrigin + this.#start) / 1000;
	}

	/** To the millisecond. */
	get elapsed(): number {
		return Math.round(performance.now() - this.#start) / 1000;
	}

	async pass(seconds: number): Promise<void> {
		await setTimeout(seconds * 1000);
		await this.settle();
	}

	async fire(event: string, user: string): Promise<void> {
		await this.#server.fire(event, user);
		await this.settle();
	}

	async reload(module: string): Promise<void> {
		await this.#server.reload(module);
		await this.settle();
	}

	async restart(): Promise<void> {
		const connected = [...this.components.values()].filter((component) => component.connected);
		await this.#server.restart();
		// What the old process sent last may not have been read yet.
		for (const character of [...this.clients.values(), ...connected]) await character.close();
		for (const component of connected) await component.connect();
		await this.settle();
	}

	async receive(name: string, patience: number): Promise<string | undefined> {
		const inbox = this.#inboxes.get(name);
		if (!inbox) throw new Error(`there is no character ${name}`);
		if (inbox.empty) {
			if (patience > 0) await inbox.arrival(patience);
			await this.settle();
		}
		return inbox.take();
	}

	protected async end(): Promise<void> {
		for (const character of [...this.clients.values(), ...this.components.values()]) await character.close();
		for (const service of this.pushServices.values()) await service.close();
		await this.#release();
	}

	/**
	 * Waits until the server has worked off what was sent and nothing has moved meanwhile. Rejects if that does not
	 * happen.
	 */
	protected async settle(): Promise<void> {
		const end = performance.now() + SETTLING_TIMEOUT * 1000;
		for (let before = -1; before !== this.#moved;) {
			if (performance.now() > end) {
				throw new Error(`the server and the characters do not come to rest within ${SETTLING_TIMEOUT} seconds`);
			}
			before = this.#moved;
			await this.#server.barrier();
		}
	}

	/** How much has moved between the server and the characters. */
	get #moved(): number {
		return [...this.pushServices.values()].reduce((sum, { moved }) => sum + moved, this.#traffic.count);
	}

	async #cast(character: Character): Promise<void> {
		const { kind, name } = character;
		this.#inboxes.set(name, new Inbox());
		if (kind === "webpush") this.pushServices.set(name, await this.#openPushService(character));
		else if (kind === "client") this.clients.set(name, this.#createClient(character));
		else this.components.set(name, this.#createComponent(character));
	}

	#openPushService(character: WebPushCharacter): Promise<HttpsPushService> {
		const { name } = character;
		return HttpsPushService.open(character, ({ entry, message, problem }: Push) => {
			this.#trace.push({ at: this.elapsed, ...entry });
			if (message !== undefined) this.#inboxes.get(name)!.add(message);
			if (problem !== undefined) this.#log?.({ at: Date.now() / 1000, source: name, level: "info", message: problem });
		});
	}

	#createClient(character: ClientCharacter): Client {
		const { name } = character;
		return new Client({
			character,
			traffic: this.#traffic,
			service: () => `xmpp://${ADDRESS}:${this.#server.ports.c2s}`,
			domain: LOCALHOST,
			onReceived: (xml) => {
				this.#trace.push({ at: this.elapsed, kind: "reply", to: name, xml });
				this.#inboxes.get(name)!.add(xml);
			},
		});
	}

	#createComponent(character: ComponentCharacter): Component {
		return new Component({
			character,
			traffic: this.#traffic,
			service: () => `xmpp://${ADDRESS}:${this.#server.ports.component}`,
			onReceived: (xml, { from, to }) => {
				if (from === LOCALHOST) this.#trace.push({ at: this.elapsed, kind: "stanza", to: to ?? "", from, xml });
				this.#inboxes.get(character.name)!.add(xml);
			},
		});
	}
}

/** The accounts that clients log in to; the first to name one says its password. */
function accountsOf(clients: readonly ClientCharacter[]): Account[] {
	const accounts = new Map<string, Account>();
	for (const client of clients) {
		const username = usernameOf(client);
		if (!accounts.has(username)) accounts.set(username, { username, password: client.password });
	}
	return [...accounts.values()];
}
