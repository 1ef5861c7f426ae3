import type { TraceEntry } from "../trace/entry";

/** How a component or a push service answers requests. */
export type Answer =
	| { with: "result" }
	| { with: "nothing" }
	| { with: "error"; type: string; condition: string }
	| { with: "status"; status: number; retry_after?: number };

export interface ClientCharacter {
	kind: "client";
	/** As the script calls it, such as `Juliet's phone`. */
	name: string;
	/** Bare or full. */
	jid: string;
	password: string;
	/** XEP-0198 after binding: with resumption, without, or not at all. */
	smacks: "resume" | "yes" | "no";
	sasl2: boolean;
	client_id?: string;
}

export interface ComponentCharacter {
	kind: "component";
	name: string;
	jid: string;
	password: string;
	answers: Answer;
}

export interface WebPushCharacter {
	kind: "webpush";
	name: string;
	answers: Answer;
}

export type Character = ClientCharacter | ComponentCharacter | WebPushCharacter;

/** A Web Push subscription, as a client writes it into a stanza: the keys as base64url. */
export interface Subscription {
	endpoint: string;
	p256dh: string;
	auth: string;
}

/**
 * Where a scenario is performed: the simulated server with a host, or a real Prosody. All characters are known to it
 * from the start; components are connected before the first step, clients when the script says so.
 *
 * Methods reject with an Error whose message is one clear line when a step cannot be carried out.
 */
export interface Stage {
	/**
	 * @param inline asks Bind 2 to enable these elements (text) in the same round trip. The client then receives first what
	 * the server says of Bind 2: `<bind>` with what can be enabled, and `<bound>` with what was
	 */
	connect(name: string, inline?: readonly string[]): Promise<void>;
	/** Closes the stream properly. A push service is down from here on. */
	disconnect(name: string): Promise<void>;
	/** Breaks the TCP connection, with no closing tag. */
	lose_connection(name: string): Promise<void>;
	/** Reconnects and resumes the stream. */
	resume(name: string): Promise<void>;
	/** Sends one element, as text. */
	send(name: string, xml: string): Promise<void>;
	stop_acknowledging(name: string): Promise<void>;
	acknowledge(name: string): Promise<void>;
	answer(name: string, answer: Answer): Promise<void>;
	/** Lets time pass. */
	pass(seconds: number): Promise<void>;
	/** Fires an event with `user` set on `localhost`. */
	fire(event: string, user: string): Promise<void>;
	reload(module: string): Promise<void>;
	/** Stops the server and starts it on the stored data. Clients lose their connections, components come back. */
	restart(): Promise<void>;
	/**
	 * A stanza of a client or a component as text, of a push service what its browser gets of a request, as JSON:
	 * the oldest stanza (or request) that the character received and did not consume yet, which this consumes. Waits
	 * up to `patience` seconds for one; undefined if none came. What clients exchange for stream management is not
	 * among them, nor what a component answers by itself — the request that it answered is. With a patience of 0 a
	 * stage on a real network first lets arrive what is on its way.
	 */
	receive(name: string, patience: number): Promise<string | undefined>;
	/** The full JID of a client that is or was connected, else undefined. */
	full_jid(name: string): string | undefined;
	/**
	 * The subscription of a push service. It is made with the server's key that an account has published to a client when it is asked for; if
	 * none has, with that which signs the first request.
	 */
	subscription(name: string): Subscription;
	/** When the scenario started, in seconds since the epoch, on the stage's clock. */
	readonly began: number;
	/** Seconds since then. */
	readonly elapsed: number;
	/** What went out so far. */
	readonly trace: readonly TraceEntry[];
	/** Ends all connections and the server. */
	close(): Promise<void>;
}
