import { createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import type { Account } from "./setting";
import type { LogEntry } from "../api";

/** What the control module does for us (`lua/prosody/`). */
export type Command =
	| { command: "clear" }
	| { command: "begin"; accounts: readonly Account[]; components: readonly string[]; modules: readonly string[] }
	| { command: "load"; modules: readonly string[] }
	| { command: "end" }
	| { command: "barrier" }
	| { command: "fire"; event: string; user: string }
	| { command: "reload"; module: string }
	| { command: "memory" }
	| { command: "shutdown" };

/** How a server introduces itself once it has started. */
export interface Greeting {
	version: string;
	/** The services that have a port open. */
	listening: { c2s: boolean; component: boolean };
}

/** A stanza that the host sent to another server: none can be found. */
export interface UndeliveredStanza {
	to: string;
	from: string;
	xml: string;
}

type Message =
	| ({ secret: string } & Greeting)
	| { log: LogEntry }
	| { undelivered: UndeliveredStanza }
	| { id: number; result?: unknown; error?: string };

/** Where a server finds us when it has started. */
export class ControlListener {
	readonly secret = randomBytes(16).toString("hex");
	readonly #server: Server;

	private constructor(server: Server) {
		this.#server = server;
	}

	static async open(): Promise<ControlListener> {
		const server = createServer({ noDelay: true });
		server.listen({ host: "127.0.0.1", port: 0 });
		await once(server, "listening");
		// Nothing of it keeps this process alive.
		server.unref();
		return new ControlListener(server);
	}

	get port(): number {
		const address = this.#server.address();
		if (address === null || typeof address === "string") throw new Error("the control port is closed");
		return address.port;
	}

	/** The next server that connects and knows the secret. */
	async accept(signal: AbortSignal): Promise<{ control: Control; greeting: Greeting }> {
		for (;;) {
			const [socket] = await once(this.#server, "connection", { signal }) as [Socket];
			const control = new Control(socket);
			const message = await control.greeting;
			if (message?.secret === this.secret) return { control, greeting: message };
			socket.destroy();
		}
	}

	close(): void {
		this.#server.close();
	}
}

/** The connection to the control module of a server. */
export class Control {
	/** What came first; undefined if nothing did. */
	readonly greeting: Promise<(Greeting & { secret: string }) | undefined>;
	/** Gets the server's log. */
	onLog: (entry: LogEntry) => void = () => undefined;
	/** Gets what the host sends to other servers, in order with log and answers. */
	onUndelivered: (stanza: UndeliveredStanza) => void = () => undefined;
	/** Resolves when the connection has ended and all that came over it has been handed on. */
	readonly ended: Promise<void>;
	readonly #socket: Socket;
	readonly #pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
	#greet!: (message: (Greeting & { secret: string }) | undefined) => void;
	#last = 0;
	#received = "";

	constructor(socket: Socket) {
		this.#socket = socket;
		this.greeting = new Promise((resolve) => {
			this.#greet = resolve;
		});
		socket.setEncoding("utf8");
		socket.on("data", (text: string) => this.#receive(text));
		// What ended it is the process's to tell.
		socket.on("error", () => undefined);
		this.ended = new Promise((resolve) => {
			socket.on("close", () => {
				this.#end();
				resolve();
			});
		});
	}

	/** Has a command carried out. Rejects with the reason, on one line, if it fails, or if the connection ends. */
	async request(command: Command): Promise<unknown> {
		if (this.lost) throw new Error(LOST);
		const id = ++this.#last;
		const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
		this.#socket.write(`${JSON.stringify({ id, ...command })}\n`);
		return answer;
	}

	/** Whether the connection has ended. */
	get lost(): boolean {
		return this.#socket.destroyed;
	}

	close(): void {
		this.#socket.destroy();
	}

	#receive(text: string): void {
		const lines = `${this.#received}${text}`.split("\n");
		this.#received = lines.pop()!;
		for (const line of lines) this.#handle(JSON.parse(line) as Message);
	}

	#handle(message: Message): void {
		if ("secret" in message) {
			this.#greet(message);
		} else if ("log" in message) {
			this.onLog(message.log);
		} else if ("undelivered" in message) {
			this.onUndelivered(message.undelivered);
		} else {
			const pending = this.#pending.get(message.id);
			this.#pending.delete(message.id);
			if (message.error === undefined) pending?.resolve(message.result);
			else pending?.reject(new Error(message.error.split("\n", 1)[0]));
		}
	}

	#end(): void {
		this.#greet(undefined);
		for (const { reject } of this.#pending.values()) reject(new Error(LOST));
		this.#pending.clear();
	}
}

const LOST = "the connection to the server's control module is lost";
