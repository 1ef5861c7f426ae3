import type { ComponentConnection, ComponentEnd } from "../server/wire";
import type { Answer } from "./stage";
import type { Clock } from "../api";
import { checkAnswer, replyTo } from "./component-answer";

export interface ComponentSettings {
	jid: string;
	clock: Clock;
	answers: Answer;
	/** Connects to the server as it is now. */
	accept(jid: string, end: ComponentEnd): ComponentConnection;
	/** Gets every stanza, as text. */
	onReceived(xml: string): void;
	/** Told when the server closed the stream. */
	onClosed?(error?: string): void;
}

/** A component such as an app server: answers every IQ request as it was told to. */
export class SimulatedComponent {
	private readonly settings: ComponentSettings;
	private connection: ComponentConnection | undefined;
	private answers!: Answer;

	constructor(settings: ComponentSettings) {
		this.settings = settings;
		this.answer(settings.answers);
	}

	get connected(): boolean {
		return this.connection !== undefined;
	}

	/** Throws what the server throws for a JID that it refuses. */
	connect(): void {
		if (this.connection) throw new Error(`The component ${this.settings.jid} is connected already`);
		this.connection = this.settings.accept(this.settings.jid, {
			receive: (xml) => this.receive(xml),
			closed: (error) => {
				this.connection = undefined;
				this.settings.onClosed?.(error);
			},
		});
	}

	disconnect(): void {
		const connection = this.expectConnected();
		this.connection = undefined;
		connection.close();
	}

	send(xml: string): void {
		this.expectConnected().send(xml);
	}

	/** How requests are answered from here on. Throws for an HTTP status, which is for push services of Web Push. */
	answer(answer: Answer): void {
		checkAnswer(this.settings.jid, answer);
		this.answers = answer;
	}

	private receive(xml: string): void {
		this.settings.onReceived(xml);
		const reply = replyTo(xml, this.answers);
		// Not at once: the host is still busy with sending.
		if (reply) this.settings.clock.schedule(0, () => this.connection?.send(reply));
	}

	private expectConnected(): ComponentConnection {
		if (!this.connection) throw new Error(`The component ${this.settings.jid} is not connected`);
		return this.connection;
	}
}
