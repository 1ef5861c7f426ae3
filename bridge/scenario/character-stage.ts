import type { Answer, Stage, Subscription } from "./stage";
import { publishedKeys } from "../webpush/server-key";
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

/** What is there before the first step, and answers requests. */
interface ServiceOnStage {
	readonly connected: boolean;
	connect(): Sooner<void>;
	disconnect(): Sooner<void>;
	answer(answer: Answer): void;
}

interface ComponentOnStage extends ServiceOnStage {
	send(xml: string): void;
}

interface PushServiceOnStage extends ServiceOnStage {
	subscribe(published: string | undefined): Subscription;
}

/** What every stage does with its characters: has them carry out a step, and then lets happen what comes of it. */
export abstract class CharacterStage<
	Client extends ClientOnStage, Component extends ComponentOnStage, PushService extends PushServiceOnStage,
> implements Stage {
	protected readonly clients = new Map<string, Client>();
	protected readonly components = new Map<string, Component>();
	protected readonly pushServices = new Map<string, PushService>();
	#closed = false;

	abstract readonly trace: readonly TraceEntry[];
	abstract readonly began: number;
	abstract readonly elapsed: number;

	async connect(name: string, inline?: readonly string[]): Promise<void> {
		const service = this.#service(name);
		// Services are connected before the first step; a script may say so all the same.
		if (!service) await this.#client(name).connect(inline);
		else if (!service.connected) await service.connect();
		await this.settle();
	}

	async disconnect(name: string): Promise<void> {
		await (this.#service(name) ?? this.#client(name)).disconnect();
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
		const service = this.#service(name);
		if (!service) throw new Error(`${name} is neither a component nor a push service`);
		service.answer(answer);
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
		const service = this.pushServices.get(name);
		if (!service) throw new Error(`${name} is no push service`);
		return service.subscribe(publishedKeys(this.trace).at(-1));
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

	#service(name: string): ServiceOnStage | undefined {
		return this.components.get(name) ?? this.pushServices.get(name);
	}

	#client(name: string): Client {
		const client = this.clients.get(name);
		if (!client) throw new Error(`${name} is no client`);
		return client;
	}
}
