import { parse } from "ltx";
import { bind2In } from "./bind2";
import { StreamManagement } from "./stream-management";
import type { ClientConnection, ClientEnd, Login } from "../server/wire";
import type { Element } from "ltx";
import type { StreamManagementWish } from "./stream-management";

export interface ClientSettings {
	/** As it is called in error messages, such as `Juliet's phone`. */
	name: string;
	login: Omit<Login, "unbound">;
	/** XEP-0198 after binding. */
	smacks: StreamManagementWish;
	/** Connects to the server as it is now. */
	accept(login: Login, end: ClientEnd): ClientConnection;
	/** Gets every message, presence and IQ, as text, and what the server says of Bind 2 to a client that asked. */
	onReceived(xml: string): void;
	/** Told when the server closed the stream; `error` is the stream error's condition if there was one. */
	onClosed?(error?: string): void;
}

/**
 * A client such as a phone: it manages its stream as XEP-0198 says and hands on what it receives.
 *
 * Methods throw an Error of one line that names the client when they cannot do what they say.
 */
export class SimulatedClient {
	private readonly settings: ClientSettings;
	private connection: ClientConnection | undefined;
	private last_full_jid: string | undefined;
	private readonly management: StreamManagement;
	/** The last answer to a request about the stream: `enabled`, `resumed` or `failed`. */
	private answer: Element | undefined;
	private stream_error: string | undefined;
	/** Whether it is connecting and asks Bind 2 to enable something. */
	private asks_inline = false;

	constructor(settings: ClientSettings) {
		this.settings = settings;
		this.management = new StreamManagement(settings.smacks, (nonza) => this.connection?.send(nonza));
	}

	get connected(): boolean {
		return this.connection !== undefined;
	}

	/** Of the connection there is, or the last one there was. */
	get full_jid(): string | undefined {
		return this.last_full_jid;
	}

	/**
	 * Logs in, binds a resource and enables stream management if the settings say so.
	 * @param inline what to ask Bind 2 to enable
	 */
	connect(inline?: readonly string[]): void {
		this.expectConnected(false);
		this.management.begin();
		this.asks_inline = inline !== undefined;
		this.open({ ...this.settings.login, ...inline && { inline } });
		this.asks_inline = false;
		const enable = this.management.enable();
		if (enable === undefined) return;
		const answer = this.ask(enable);
		if (answer?.name !== "enabled") this.giveUp("cannot enable stream management", answer);
	}

	/** Closes the stream properly. It cannot be resumed then. */
	disconnect(): void {
		const connection = this.expectConnected(true);
		connection.close();
		this.connection = undefined;
		this.management.end();
	}

	/** The connection breaks, with no closing tag. */
	loseConnection(): void {
		const connection = this.expectConnected(true);
		this.connection = undefined;
		this.management.interrupt();
		connection.lose();
	}

	/** Connects again and goes on with the stream that it had. Throws with the server's reason if that cannot be. */
	resume(): void {
		this.expectConnected(false);
		if (!this.management.resumable) throw new Error(`${this.settings.name} has no stream to resume`);
		this.open({ ...this.settings.login, unbound: true });
		const answer = this.ask(this.management.resume());
		if (answer?.name !== "resumed") {
			this.management.end();
			this.giveUp("cannot resume its stream", answer);
		}
		this.last_full_jid = this.connection!.full_jid;
	}

	/** Sends one element, as text. */
	send(xml: string): void {
		this.expectConnected(true).send(xml);
	}

	/** Stops answering requests for acknowledgement, as a phone does that lost its network unnoticed. */
	stopAcknowledging(): void {
		this.management.stopAcknowledging();
	}

	/** Acknowledges all that came so far, and answers requests again. */
	acknowledge(): void {
		this.expectConnected(true);
		this.management.acknowledge();
	}

	private open(login: Login): void {
		let over = false;
		this.stream_error = undefined;
		const connection = this.settings.accept(login, {
			receive: (xml) => this.receive(xml),
			closed: (error) => {
				over = true;
				this.stream_error = error;
				this.ended(error);
			},
		});
		if (over) throw new Error(`${this.settings.name} cannot connect: ${this.stream_error ?? "the stream was closed"}`);
		this.connection = connection;
		if (!login.unbound) this.last_full_jid = connection.full_jid;
	}

	/** The server ended the connection; the stream can be resumed if it agreed to that. */
	private ended(error: string | undefined): void {
		if (!this.connection) return;
		this.management.interrupt();
		this.connection = undefined;
		this.settings.onClosed?.(error);
	}

	/** The server answers a request about the stream before `send` returns. */
	private ask(request: string): Element | undefined {
		this.answer = undefined;
		this.connection!.send(request);
		return this.answer;
	}

	private giveUp(what: string, answer: Element | undefined): never {
		const reason = answer?.getChildElements()[0]?.name ?? this.stream_error ?? "the server did not answer";
		this.connection?.lose();
		this.connection = undefined;
		throw new Error(`${this.settings.name} ${what}: ${reason}`);
	}

	private receive(xml: string): void {
		if (/^<(?:message|presence|iq)[\s/>]/.test(xml)) {
			this.management.count();
			this.settings.onReceived(xml);
			return;
		}
		const element = parse(xml);
		const said = this.asks_inline ? bind2In(element) : undefined;
		if (said) this.settings.onReceived(said.toString());
		this.answer = this.management.receive(element) ?? this.answer;
	}

	private expectConnected(connected: false): undefined;
	private expectConnected(connected: true): ClientConnection;
	private expectConnected(connected: boolean): ClientConnection | undefined {
		if (connected !== this.connected) {
			throw new Error(`${this.settings.name} is ${connected ? "not connected" : "connected already"}`);
		}
		return this.connection;
	}
}
