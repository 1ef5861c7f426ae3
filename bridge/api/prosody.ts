import type { Session, UserSessions } from "./session";
import type { Stanza } from "./stanza";

/** An event registry (`util.events`). */
export interface Events {
	fire_event(this: void, name: string, payload?: object): unknown;
	add_handler(this: void, name: string, handler: (this: void, payload: never) => unknown, priority?: number): void;
	remove_handler(this: void, name: string, handler: (this: void, payload: never) => unknown): void;
}

/** A host of the server: a `local` virtual host, or a `component`. It is itself an origin of stanzas. */
export interface HostObject {
	host: string;
	type: "local" | "component";
	events: Events;
	/** The modules loaded on it, by name. What there is of each is Prosody's own affair. */
	modules: Record<string, unknown>;
	/** Accounts that have sessions, by user name. Absent on components. */
	sessions: Record<string, UserSessions>;
	/** Takes a stanza that is addressed to the host itself, as the answer to one that it sent. */
	send(this: void, stanza: Stanza): boolean;
	/** What a stream is closed with when it sends something unknown. A host is no stream: it is only logged. */
	close(reason?: unknown): void;
}

/** The `prosody` global. Tables keyed by names that users choose have no inherited members. */
export interface Prosody {
	hosts: Record<string, HostObject>;
	/** Sessions by full JID, accounts by bare JID. */
	full_sessions: Record<string, Session>;
	bare_sessions: Record<string, UserSessions>;
	events: Events;
	version: string;
	platform: string;
	/** A stanza as it came over a stream: stamped, checked, dispatched. */
	core_process_stanza(this: void, origin: Session, stanza: Stanza): void;
	/** A stanza with valid addresses: to local handlers, else routed. */
	core_post_stanza(this: void, origin: Session | HostObject, stanza: Stanza, preevents?: boolean): void;
	core_route_stanza(this: void, origin: Session | HostObject | undefined, stanza: Stanza): void;
}
