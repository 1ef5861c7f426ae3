import { NO_WEB_PUSH } from "./stage";
import type { Answer, Stage, Subscription } from "./stage";
import type { TraceEntry } from "../trace/entry";

/** At once, or later: a simulated character needs no time for anything. */
type Sooner<T> = T | Promise<T>;

interface ClientOnStage {
	readonly full_jid: string | undefined;
	connect(inline?: readonly string[]): Sooner<void>;
	disconnect(): Sooner<void>;
	loseConnection(): Sooner<void>;
	resume(): Sooner<void>;
	send(xml: string): void;
	stopAcknowledging(): void;
	acknowledge(): void;
}

interface ComponentOnStage {
	readonly connected: boolean;
	connect(): Sooner<void>;
	disconnect(): Sooner<void>;
	send(xml: string): void;
	answer(answer: Answer): void;
}

/** What every stage does with its characters: has them carry out a step, and then lets happen what comes of it. */
export abstract class CharacterStage<Client extends ClientOnStage, Component extends ComponentOnStage> implements Stage {
	protected readonly clients = new Map<string, Client>();
	protected readonly components = new Map<string, Component>();
	#closed = false;

	abstract readonly trace: readonly TraceEntry[];
	abstract readonly began: number;
	abstract readonly elapsed: number;

	async connect(name: string, inline?: readonly string[]): Promise<void> {
		const component = this.components.get(name);
		// Components are connected before the first step; a script may say so all the same.
		if (!component) await this.#client(name).connect(inline);
		else if (!component.connected) await component.connect();
		await this.settle();
	}

	async disconnect(name: string): Promise<void> {
		await (this.components.get(name) ?? this.#client(name)).disconnect();
		await this.settle();
	}

	async lose_connection(name: string): Promise<void> {
		await this.#client(name).loseConnection();
		await this.settle();
	}

	async resume(name: string): Promise<void> {
		await this.#client(name).resume();
		await this.settle();
	}

	async send(name: string, xml: string): Promise<void> {
		(this.components.get(name) ?? this.#client(name)).send(xml);
		await this.settle();
	}

	async stop_acknowledging(name: string): Promise<void> {
		this.#client(name).stopAcknowledging();
	}

	async acknowledge(name: string): Promise<void> {
		this.#client(name).acknowledge();
		await this.settle();
	}

	async answer(name: string, answer: Answer): Promise<void> {
		const component = this.components.get(name);
		if (!component) throw new Error(`${name} is no component`);
		component.answer(answer);
	}

	abstract pass(seconds: number): Promise<void>;
	abstract fire(event: string, user: string): Promise<void>;
	abstract reload(module: string): Promise<void>;
	abstract restart(): Promise<void>;
	abstract receive(name: string, patience: number): Promise<string | undefined>;

	full_jid(name: string): string | undefined {
		return this.#client(name).full_jid;
	}

	subscription(name: string): Subscription {
		throw new Error(`${name} has no subscription: ${NO_WEB_PUSH}`);
	}

	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		await this.end();
	}

	/** Lets happen what a step leads to at once. */
	protected abstract settle(): Sooner<void>;

	/** Ends all connections, and what is the server here. Called once. */
	protected abstract end(): Sooner<void>;

	#client(name: string): Client {
		const client = this.clients.get(name);
		if (!client) throw new Error(`${name} is no client`);
		return client;
	}
}
