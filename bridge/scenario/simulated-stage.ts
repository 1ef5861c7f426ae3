import { CharacterStage } from "./character-stage";
import type { ClientCharacter, ComponentCharacter } from "./stage";
import type { Clock, Disk, Host, LogEntry, Machine, ModuleSource } from "../api";
import { createAccounts, type Accounts } from "../server/accounts";
import { createClock } from "../server/clock";
import { createMemoryDisk } from "../node/disk";
import { createRecordingDisk } from "./recording-disk";
import { accountOf, usernameOf } from "./login";
import { createSeededBytes } from "./seeded-bytes";
import { optionsFor } from "../webpush/option";
import type { Scenario } from "./scenario";
import { Server } from "../server/server";
import type { Series } from "../server/series";
import { SimulatedClient } from "./simulated-client";
import { SimulatedComponent } from "./simulated-component";
import { SimulatedNetwork, type SimulatedPushService } from "./simulated-network";
import type { TraceEntry } from "../trace/entry";

/** When every performance begins: 2023-11-14T22:13:20Z, in seconds since the epoch. */
export const START = 1_700_000_000;

const SEED = "prosody-push";

/** What a `SimulatedStage` needs beside the scenario. */
export interface SimulatedStageSettings {
	/** Makes the host that the modules run on, anew after a restart of the server. */
	createHost(machine: Machine): Host;
	/** What to load on `localhost` once the server is up, in this order. */
	modules: readonly (readonly [name: string, source: ModuleSource])[];
	/** Where modules come from that these depend on; there are none if absent. */
	findModule?: Machine["find_module"];
	/** Of the Prosody that is simulated. If absent, it does what 0.12 does, but lacks none of 13.0's libraries. */
	series?: Series;
	/** The stored data to start on; an empty memory if absent. */
	disk?: Disk;
	/** Gets the server's log. */
	log?(entry: LogEntry): void;
}

/** Makes a trace entry of the given kind the way it is written down: without the time. */
type WithoutTime<Entry> = Entry extends TraceEntry ? Omit<Entry, "at"> : never;

/**
 * The simulated server on a virtual clock, with everyone in the scenario: nothing in it takes real time, and the same
 * scenario gives the same trace in every run, save for what is encrypted or signed with random numbers.
 */
export class SimulatedStage extends CharacterStage<SimulatedClient, SimulatedComponent, SimulatedPushService> {
	readonly began = START;
	readonly #settings: SimulatedStageSettings;
	readonly #clock: Clock = createClock(START);
	readonly #machine: Machine;
	readonly #accounts: Accounts;
	/** What the characters received and did not consume yet, oldest first. */
	readonly #received = new Map<string, string[]>();
	readonly #trace: TraceEntry[] = [];
	#running!: { host: Host; server: Server };

	/**
	 * Starts the server, loads the modules and connects the components. Throws if a module cannot be loaded or a
	 * component cannot be connected.
	 */
	constructor(scenario: Scenario, settings: SimulatedStageSettings) {
		super();
		this.#settings = settings;
		const usernames: string[] = [];
		const network = this.#createNetwork(scenario);
		for (const character of scenario.characters) {
			const { kind, name } = character;
			this.#received.set(name, []);
			if (kind === "webpush") {
				this.pushServices.set(name, network.open(character));
			} else if (kind === "client") {
				usernames.push(usernameOf(character));
				this.clients.set(name, this.#createClient(character));
			} else {
				this.components.set(name, this.#createComponent(character));
			}
		}
		this.#machine = {
			clock: this.#clock,
			disk: createRecordingDisk(settings.disk ?? createMemoryDisk(), (store, user, data) => {
				this.#record({ kind: "store", store, ...(user !== undefined && { user }), data });
			}),
			random_bytes: createSeededBytes(SEED),
			options: optionsFor(this.pushServices.values(), scenario.options),
			series: settings.series,
			find_module: settings.findModule,
			log: (entry) => settings.log?.(entry),
			http: network.http,
			resolve: network.resolve,
		};
		this.#accounts = createAccounts(usernames);
		this.#start();
		for (const component of this.components.values()) component.connect();
		this.settle();
	}

	get trace(): readonly TraceEntry[] {
		return this.#trace;
	}

	/** To the microsecond: the clock counts from the epoch, which leaves it no more. */
	get elapsed(): number {
		return Math.round((this.#clock.now() - START) * 1e6) / 1e6;
	}

	async pass(seconds: number): Promise<void> {
		this.#clock.advance(seconds);
	}

	async fire(event: string, user: string): Promise<void> {
		this.#running.server.fire(event, { user });
		this.settle();
	}

	async reload(module: string): Promise<void> {
		this.#running.host.reload(module);
		this.settle();
	}

	async restart(): Promise<void> {
		const components = [...this.components.values()];
		const disconnected = components.filter(({ connected }) => !connected);
		this.#stop();
		this.#start();
		for (const component of components) component.connect();
		// These are hosts of the server all the same.
		for (const component of disconnected) component.disconnect();
		this.settle();
	}

	async receive(name: string, patience: number): Promise<string | undefined> {
		const received = this.#received.get(name);
		if (!received) throw new Error(`there is no character ${name}`);
		const end = this.#clock.now() + patience;
		this.settle();
		while (received.length === 0 && this.#clock.now() + this.#clock.next_due() <= end) {
			this.#clock.advance(this.#clock.next_due());
			this.settle();
		}
		if (received.length === 0) this.#clock.advance(Math.max(0, end - this.#clock.now()));
		return received.shift();
	}

	protected end(): void {
		this.#stop();
	}

	#start(): void {
		const host = this.#settings.createHost(this.#machine);
		try {
			const server = new Server({
				host,
				machine: this.#machine,
				accounts: this.#accounts,
				series: this.#settings.series,
				onSent: (to, from, xml, reached) => {
					this.#record({ kind: "stanza", to, from, xml, ...(!reached && { undelivered: true }) });
				},
			});
			for (const [name, source] of this.#settings.modules) host.load(name, source);
			this.#running = { host, server };
		} catch (error) {
			host.stop();
			throw error;
		}
	}

	#stop(): void {
		const { host, server } = this.#running;
		try {
			server.stop();
			this.settle();
		} finally {
			host.stop();
		}
	}

	/** Lets happen what is due now: what was written leaves, components answer. */
	protected settle(): void {
		this.#clock.advance(0);
	}

	#record(entry: WithoutTime<TraceEntry>): void {
		this.#trace.push({ at: this.elapsed, ...entry });
	}

	#createNetwork({ dns }: Scenario): SimulatedNetwork {
		return new SimulatedNetwork({
			clock: this.#clock,
			dns,
			onPush: ({ name }, { entry, message, problem }) => {
				this.#record(entry);
				if (message !== undefined) this.#received.get(name)?.push(message);
				if (problem !== undefined) {
					this.#settings.log?.({ at: this.#clock.now(), source: name, level: "info", message: problem });
				}
			},
			onUndelivered: (entry) => this.#record(entry),
		});
	}

	#createClient(character: ClientCharacter): SimulatedClient {
		const { name, smacks, sasl2, client_id } = character;
		return new SimulatedClient({
			name,
			login: { ...accountOf(character), client_id, sasl2 },
			smacks,
			accept: (login, end) => this.#running.server.acceptClient(login, end),
			onReceived: (xml) => {
				this.#record({ kind: "reply", to: name, xml });
				this.#received.get(name)?.push(xml);
			},
		});
	}

	#createComponent({ name, jid, answers }: ComponentCharacter): SimulatedComponent {
		return new SimulatedComponent({
			jid,
			clock: this.#clock,
			answers,
			accept: (address, end) => this.#running.server.acceptComponent(address, end),
			onReceived: (xml) => this.#received.get(name)?.push(xml),
		});
	}
}
