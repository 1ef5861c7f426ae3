/** What the stage uses of `@xmpp/client` and `@xmpp/component`, which come without types. */
declare module "@xmpp/client" {
	import type { Element } from "ltx";
	import type { EventEmitter } from "node:events";
	import type { Socket } from "node:net";

	/** A connection to a server and the stream on it. */
	export interface Entity extends EventEmitter {
		/** There is one from `connect` until the connection is closed. */
		readonly socket: Socket | null;
		/** Milliseconds that the server has to open and to close a stream. */
		timeout: number;
		readonly reconnect: { stop(): void };
		/** Connects the socket; `service` is such as `xmpp://127.0.0.1:5222`. */
		connect(service: string): Promise<void>;
		/** Opens the stream. */
		open(options: { domain: string }): Promise<unknown>;
	}

	export interface Client extends Entity {
		readonly bind2: {
			/** What to ask Bind 2 for if the server has the feature of this name. */
			use(feature: string, request: () => Element): void;
		};
	}

	/** Logs in with a mechanism that the server offers. */
	type Authenticate =
		(credentials: { username: string; password: string }, mechanism: string, user_agent?: Element) => Promise<void>;

	export function client(options: {
		service: string;
		domain: string;
		resource?: string;
		credentials(authenticate: Authenticate, mechanisms: readonly string[]): Promise<void>;
	}): Client;

	export function xml(name: string, attributes?: Record<string, string>): Element;
}

declare module "@xmpp/component" {
	import type { Entity } from "@xmpp/client";

	export function component(options: { service: string; domain: string; password: string }): Entity;
}
