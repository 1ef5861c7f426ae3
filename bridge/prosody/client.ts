import { BindError, logIn } from "./login";
import { Connection, NEGOTIATION_TIMEOUT, conditionOf } from "./connection";
import { StreamManagement } from "../scenario/stream-management";
import { accountOf } from "../scenario/login";
import type { ClientCharacter } from "../scenario/stage";
import type { Element } from "ltx";
import type { LoggedIn } from "./login";
import type { Traffic } from "./connection";

export interface ClientSettings {
	character: ClientCharacter;
	traffic: Traffic;
	/** Where the server is now, such as `xmpp://127.0.0.1:5222`. */
	service(): string;
	/** The server's host. */
	domain: string;
	/**
	 * Gets every message, presence and IQ that comes once a resource is bound, as text, and what the server says of Bind 2 to
	 * a client that asked.
	 */
	onReceived(xml: string): void;
}

/**
 * A client such as a phone, on a real connection: it manages its stream as XEP-0198 says and hands on what it receives.
 *
 * Methods reject with an Error of one line that names the client when they cannot do what they say.
 */
export class Client {
	readonly #settings: ClientSettings;
	readonly #name: string;
	readonly #management: StreamManagement;
	#connection: Connection | undefined;
	#full_jid: string | undefined;
	/** Told of the server's answer to a request about the stream, and of the end of the connection. */
	#answered: ((answer: Element | undefined) => void) | undefined;
	#stream_error: string | undefined;

	constructor(settings: ClientSettings) {
		const { name, smacks } = settings.character;
		this.#settings = settings;
		this.#name = name;
		this.#management = new StreamManagement(smacks, (nonza) => this.#connection?.write(nonza));
	}

	/** Of the connection there is, or the last one there was. */
	get full_jid(): string | undefined {
		return this.#full_jid;
	}

	/**
	 * Logs in, binds a resource and enables stream management if the character does.
	 * @param inline what to ask Bind 2 to enable
	 */
	async connect(inline?: readonly string[]): Promise<void> {
		this.#expectConnected(false);
		this.#management.begin();
		const { full_jid, bind2 } = await this.#open(false, inline);
		this.#full_jid = full_jid;
		if (inline) for (const said of bind2) this.#settings.onReceived(said);
		const enable = this.#management.enable();
		if (enable === undefined) return;
		const answer = await this.#ask(enable);
		if (answer?.name !== "enabled") await this.#giveUp("cannot enable stream management", answer);
	}

	/** Closes the stream properly. It cannot be resumed then. */
	async disconnect(): Promise<void> {
		const connection = this.#expectConnected(true);
		this.#connection = undefined;
		this.#management.end();
		await connection.close();
	}

	/** The connection breaks, with no closing tag. */
	async loseConnection(): Promise<void> {
		const connection = this.#expectConnected(true);
		this.#connection = undefined;
		this.#management.interrupt();
		await connection.lose();
	}

	/** Connects again and goes on with the stream that it had. Rejects with the server's reason if that cannot be. */
	async resume(): Promise<void> {
		this.#expectConnected(false);
		if (!this.#management.resumable) throw new Error(`${this.#name} has no stream to resume`);
		await this.#open(true);
		const answer = await this.#ask(this.#management.resume());
		if (answer?.name === "resumed") return;
		this.#management.end();
		await this.#giveUp("cannot resume its stream", answer);
	}

	/** Sends one element, as text. */
	send(xml: string): void {
		this.#expectConnected(true).write(xml);
	}

	/** Stops answering requests for acknowledgement. */
	stopAcknowledging(): void {
		this.#management.stopAcknowledging();
	}

	/** Acknowledges all that came so far, and answers requests again. */
	acknowledge(): void {
		this.#expectConnected(true);
		this.#management.acknowledge();
	}

	/** Ends what connection there is. */
	async close(): Promise<void> {
		if (this.#connection) await this.loseConnection();
	}

	async #open(unbound: boolean, inline: readonly string[] = []): Promise<LoggedIn> {
		const { character, service, domain, traffic, onReceived } = this.#settings;
		const { password, sasl2, client_id } = character;
		const account = accountOf(character);
		const url = service();
		let over = false;
		this.#stream_error = undefined;
		const { entity, done } = logIn(url, domain, { ...account, password, sasl2, client_id, inline, unbound });
		const connection = new Connection(entity, traffic, {
			stanza: (element) => {
				// What comes before is part of binding a resource.
				if (this.#connection !== connection) return;
				this.#management.count();
				onReceived(element.toString());
			},
			nonza: (element) => {
				const answer = this.#management.receive(element);
				if (answer) this.#answered?.(answer);
			},
			closed: (error) => {
				over = true;
				this.#stream_error = error;
				if (this.#connection !== connection) return;
				this.#management.interrupt();
				this.#connection = undefined;
				this.#answered?.(undefined);
			},
		});
		try {
			const logged_in = await connection.open(url, domain, done);
			if (over) throw new Error(this.#stream_error ?? "the stream was closed");
			this.#connection = connection;
			return logged_in;
		} catch (error) {
			throw new Error(this.#whyNotConnected(error, account.username), { cause: error });
		}
	}

	#whyNotConnected(error: unknown, username: string): string {
		const message = error instanceof Error ? error.message : String(error);
		const is_bind_error = error instanceof BindError || (error instanceof Error && error.name === "StanzaError");
		if (is_bind_error) return `${username} cannot bind a resource: ${message}`;
		return `${this.#name} cannot connect: ${conditionOf(error) ?? message}`;
	}

	/** @returns the server's answer; undefined if there is none */
	async #ask(request: string): Promise<Element | undefined> {
		let timer: NodeJS.Timeout | undefined;
		const answer = await new Promise<Element | undefined>((resolve) => {
			this.#answered = resolve;
			timer = setTimeout(() => resolve(undefined), NEGOTIATION_TIMEOUT);
			this.#connection!.write(request);
		});
		clearTimeout(timer);
		this.#answered = undefined;
		return answer;
	}

	async #giveUp(what: string, answer: Element | undefined): Promise<never> {
		const reason = answer?.getChildElements()[0]?.name ?? this.#stream_error ?? "the server did not answer";
		await this.#connection?.lose();
		this.#connection = undefined;
		throw new Error(`${this.#name} ${what}: ${reason}`);
	}

	#expectConnected(connected: false): undefined;
	#expectConnected(connected: true): Connection;
	#expectConnected(connected: boolean): Connection | undefined {
		if (connected !== (this.#connection !== undefined)) {
			throw new Error(`${this.#name} is ${connected ? "not connected" : "connected already"}`);
		}
		return this.#connection;
	}
}
