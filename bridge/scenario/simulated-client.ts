import { Element, parse } from "ltx";
import type { ClientConnection, ClientEnd, Login } from "../server/wire";

const SM_NAMESPACE = "urn:xmpp:sm:3";

export interface ClientSettings {
	/** As it is called in error messages, such as `Juliet's phone`. */
	name: string;
	login: Omit<Login, "unbound">;
	/** XEP-0198 after binding: with resumption, without, or not at all. */
	smacks: "resume" | "yes" | "no";
	/** Connects to the server as it is now. */
	accept(login: Login, end: ClientEnd): ClientConnection;
	/** Gets every message, presence and IQ, as text. */
	onReceived(xml: string): void;
	/** Told when the server closed the stream; `error` is the stream error's condition if there was one. */
	onClosed?(error?: string): void;
}

/** A stream that can be resumed: its token, and how many stanzas came over it. */
interface ResumableStream {
	token: string;
	handled: number;
}

/**
 * A client such as a phone: it manages its stream as XEP-0198 says and hands on what it receives. It never resends:
 * nothing that it sends gets lost on the way.
 *
 * Methods throw an Error of one line that names the client when they cannot do what they say.
 */
export class SimulatedClient {
	private readonly settings: ClientSettings;
	private connection: ClientConnection | undefined;
	private last_full_jid: string | undefined;
	private stream: ResumableStream | undefined;
	private counting = false;
	private handled = 0;
	private acknowledging = true;
	/** The last answer to a request about the stream: `enabled`, `resumed` or `failed`. */
	private answer: Element | undefined;
	private stream_error: string | undefined;

	constructor(settings: ClientSettings) {
		this.settings = settings;
	}

	get connected(): boolean {
		return this.connection !== undefined;
	}

	/** Of the connection there is, or the last one there was. */
	get full_jid(): string | undefined {
		return this.last_full_jid;
	}

	/** Logs in, binds a resource and enables stream management if the settings say so. */
	connect(): void {
		this.expectConnected(false);
		this.begin();
		this.open({ ...this.settings.login });
		if (this.settings.smacks === "no") return;
		const enable = new Element("enable", { xmlns: SM_NAMESPACE });
		if (this.settings.smacks === "resume") enable.attrs.resume = "true";
		const answer = this.ask(enable);
		if (answer?.name !== "enabled") this.giveUp("cannot enable stream management", answer);
		this.counting = true;
		if (answer.attrs.id !== undefined) this.stream = { token: answer.attrs.id, handled: 0 };
	}

	/** Closes the stream properly. It cannot be resumed then. */
	disconnect(): void {
		const connection = this.expectConnected(true);
		connection.close();
		this.connection = undefined;
		this.stream = undefined;
	}

	/** The connection breaks, with no closing tag. */
	loseConnection(): void {
		const connection = this.expectConnected(true);
		this.connection = undefined;
		if (this.stream) this.stream.handled = this.handled;
		connection.lose();
	}

	/** Connects again and goes on with the stream that it had. Throws with the server's reason if that cannot be. */
	resume(): void {
		this.expectConnected(false);
		const { stream } = this;
		if (!stream) throw new Error(`${this.settings.name} has no stream to resume`);
		this.acknowledging = true;
		this.open({ ...this.settings.login, unbound: true });
		this.handled = stream.handled;
		this.counting = true;
		const h = String(stream.handled);
		const answer = this.ask(new Element("resume", { xmlns: SM_NAMESPACE, previd: stream.token, h }));
		if (answer?.name !== "resumed") {
			this.stream = undefined;
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
		this.acknowledging = false;
	}

	/** Acknowledges all that came so far, and answers requests again. */
	acknowledge(): void {
		this.expectConnected(true);
		this.acknowledging = true;
		if (this.counting) this.sendAcknowledgement();
	}

	/** Forgets what belonged to an earlier stream. */
	private begin(): void {
		this.stream = undefined;
		this.counting = false;
		this.handled = 0;
		this.acknowledging = true;
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
		if (this.stream) this.stream.handled = this.handled;
		this.connection = undefined;
		this.settings.onClosed?.(error);
	}

	/** The server answers a request about the stream before `send` returns. */
	private ask(request: Element): Element | undefined {
		this.answer = undefined;
		this.connection!.send(request.toString());
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
			if (this.counting) this.handled += 1;
			this.settings.onReceived(xml);
			return;
		}
		const nonza = parse(xml);
		if (nonza.attrs.xmlns !== SM_NAMESPACE) return;
		if (nonza.name === "r") {
			if (this.acknowledging) this.sendAcknowledgement();
		} else if (nonza.name !== "a") {
			this.answer = nonza;
		}
	}

	private sendAcknowledgement(): void {
		this.connection?.send(new Element("a", { xmlns: SM_NAMESPACE, h: String(this.handled) }).toString());
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
