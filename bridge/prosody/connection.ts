import type { Element } from "ltx";
import type { Entity } from "@xmpp/client";
import type { Socket } from "node:net";

/** Milliseconds that the server has to answer while a stream is opened, negotiated or closed. */
export const NEGOTIATION_TIMEOUT = 10_000;
const CLOSING_TAG = "</stream:stream>";

/** How much has moved on the connections of a stage: each write, each read and each end of a connection counts. */
export interface Traffic {
	count: number;
}

/** What comes over a connection. */
export interface ConnectionEnd {
	/** A message, presence or IQ. */
	stanza(element: Element): void;
	/** Any other element. */
	nonza?(element: Element): void;
	/** The server closed the stream, or broke the connection; `error` is the stream error's condition if there was one. */
	closed(error: string | undefined): void;
}

/** A connection that an entity of the libraries makes, once: without what they do by themselves. */
export class Connection {
	readonly #entity: Entity;
	readonly #traffic: Traffic;
	readonly #end: ConnectionEnd;
	#socket: Socket | undefined;
	#closed: Promise<unknown> = Promise.resolve();
	/** Why the stream ended, as the library tells it. */
	#failure: unknown;
	/** Whether `end` is told when the stream closes. */
	#listening = true;

	constructor(entity: Entity, traffic: Traffic, end: ConnectionEnd) {
		this.#entity = entity;
		this.#traffic = traffic;
		this.#end = end;
		entity.timeout = NEGOTIATION_TIMEOUT;
		entity.reconnect.stop();
		entity.on("error", (error: unknown) => {
			this.#failure ??= error;
			// The library fails on what comes after something that is no XML.
			if (error instanceof Error && error.name === "XMLError") this.#socket?.destroy();
		});
		entity.on("stanza", (element: Element) => this.#end.stanza(element));
		entity.on("nonza", (element: Element) => this.#end.nonza?.(element));
		entity.on("close", () => this.#over());
		entity.on("disconnect", () => this.#over());
	}

	/**
	 * Connects and opens the stream.
	 * @param ready resolves when the stream is as it should be; rejects if it cannot be
	 * @returns what `ready` resolves to; rejects with what went wrong, such as the library's errors
	 */
	async open<Result>(service: string, domain: string, ready: Promise<Result>): Promise<Result> {
		let timer: NodeJS.Timeout | undefined;
		const failed = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error("the server did not answer")), NEGOTIATION_TIMEOUT);
			this.#entity.on("error", reject);
			for (const end of ["close", "disconnect"]) {
				this.#entity.once(end, () => reject(new Error("the stream was closed")));
			}
		});
		try {
			const [result] = await Promise.race([failed, Promise.all([ready, this.#connect(service, domain)])]);
			return result;
		} catch (error) {
			await this.lose();
			throw error;
		} finally {
			clearTimeout(timer);
		}
	}

	/** Sends text as it is. */
	write(xml: string): void {
		this.#traffic.count += 1;
		this.#socket?.write(xml);
	}

	/** Closes the stream properly; the server then closes the connection. */
	async close(): Promise<void> {
		this.#listening = false;
		this.write(CLOSING_TAG);
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise((resolve) => {
			timer = setTimeout(resolve, NEGOTIATION_TIMEOUT);
		});
		await Promise.race([this.#closed, late]);
		clearTimeout(timer);
		await this.lose();
	}

	/** Breaks the connection, with no closing tag. */
	async lose(): Promise<void> {
		this.#listening = false;
		this.#socket?.destroy();
		await this.#closed;
	}

	async #connect(service: string, domain: string): Promise<void> {
		const connected = this.#entity.connect(service);
		const socket = this.#entity.socket!;
		this.#socket = socket;
		// A character may come in two pieces, which the library would read as two.
		socket.setEncoding("utf8");
		socket.setNoDelay(true);
		socket.on("data", () => {
			this.#traffic.count += 1;
		});
		this.#closed = new Promise((resolve) => void socket.once("close", resolve));
		await connected;
		await this.#entity.open({ domain });
	}

	/** The library leaves open what the server closed, and fails on what comes after that. */
	#over(): void {
		this.#traffic.count += 1;
		this.#socket?.removeAllListeners("data");
		if (!this.#listening) return;
		this.#listening = false;
		if (this.#socket?.writable) this.#socket.end(CLOSING_TAG);
		this.#end.closed(conditionOf(this.#failure));
	}
}

/** The condition of a stream error, of a failed login or of a stanza error, as the libraries tell it. */
export function conditionOf(error: unknown): string | undefined {
	if (error instanceof Error && "condition" in error) return String(error.condition);
	return undefined;
}
