import { component } from "@xmpp/component";
import { Connection, conditionOf } from "./connection";
import { checkAnswer, replyTo } from "../scenario/component-answer";
import type { Answer, ComponentCharacter } from "../scenario/stage";
import type { Element } from "ltx";
import type { Traffic } from "./connection";

export interface ComponentSettings {
	character: ComponentCharacter;
	traffic: Traffic;
	/** Where the server is now, such as `xmpp://127.0.0.1:5347`. */
	service(): string;
	/** Gets every stanza, as text, before it is answered; with its attributes. */
	onReceived(xml: string, attributes: Element["attrs"]): void;
}

/** A component such as an app server, on a real connection (XEP-0114): answers every IQ request as it was told to. */
export class Component {
	readonly #settings: ComponentSettings;
	readonly #jid: string;
	#connection: Connection | undefined;
	#answers!: Answer;

	constructor(settings: ComponentSettings) {
		this.#settings = settings;
		this.#jid = settings.character.jid;
		this.answer(settings.character.answers);
	}

	get connected(): boolean {
		return this.#connection !== undefined;
	}

	/** Rejects with the server's reason if it refuses. */
	async connect(): Promise<void> {
		if (this.#connection) throw new Error(`The component ${this.#jid} is connected already`);
		const { character, traffic, service, onReceived } = this.#settings;
		const url = service();
		const entity = component({ service: url, domain: this.#jid, password: character.password });
		// The library would answer IQs itself.
		entity.removeAllListeners("element");
		let over = false;
		const done = new Promise<void>((resolve) => entity.once("online", () => resolve()));
		const connection = new Connection(entity, traffic, {
			stanza: (element) => {
				const xml = element.toString();
				onReceived(xml, element.attrs);
				const reply = replyTo(xml, this.#answers);
				if (reply !== undefined) connection.write(reply);
			},
			closed: () => {
				over = true;
				if (this.#connection === connection) this.#connection = undefined;
			},
		});
		try {
			await connection.open(url, this.#jid, done);
			if (over) throw new Error("the stream was closed");
			this.#connection = connection;
		} catch (error) {
			const reason = conditionOf(error) ?? (error instanceof Error ? error.message : String(error));
			throw new Error(`The component ${this.#jid} cannot connect: ${reason}`, { cause: error });
		}
	}

	async disconnect(): Promise<void> {
		const connection = this.#expectConnected();
		this.#connection = undefined;
		await connection.close();
	}

	send(xml: string): void {
		this.#expectConnected().write(xml);
	}

	/** How requests are answered from here on. Throws for an HTTP status, which is for push services of Web Push. */
	answer(answer: Answer): void {
		checkAnswer(this.#jid, answer);
		this.#answers = answer;
	}

	/** Ends what connection there is. */
	async close(): Promise<void> {
		const connection = this.#connection;
		this.#connection = undefined;
		await connection?.lose();
	}

	#expectConnected(): Connection {
		if (!this.#connection) throw new Error(`The component ${this.#jid} is not connected`);
		return this.#connection;
	}
}
