/** A stanza that the host sent to another entity. */
export interface StanzaEntry {
	/** Seconds since the scenario's start. */
	at: number;
	kind: "stanza";
	to: string;
	from: string;
	xml: string;
	/**
	 * What it says encrypted, where the scenario holds the key: of `mod_cloud_notify_encrypted` what its JSON says, of a
	 * notification of Push 2.0 a `Push2Payload`.
	 */
	payload?: unknown;
	/** There was no way to the entity: it is on another server, and none can be found. The host got an error for it. */
	undelivered?: true;
}

/** A stanza that a client's session was sent, or what the server says of Bind 2 to a client that asks for something. */
export interface ReplyEntry {
	at: number;
	kind: "reply";
	/** The character's name. */
	to: string;
	xml: string;
}

/** An HTTP request that the host made. */
export interface HttpEntry {
	at: number;
	kind: "http";
	/** The name of the push service that got it; absent if nobody did. */
	to?: string;
	method: string;
	url: string;
	/** By name in lower case. */
	headers: Record<string, string>;
	/** Base64. */
	body: string;
	/** The decrypted body, where the scenario holds the key: JSON, or the text if it is none. */
	payload?: unknown;
	/** The claims of the token (RFC 8292) in `authorization`, where that is as it should be. */
	vapid?: Record<string, unknown>;
	/** What the push service answered: a status, and why where it is a refusal; `none` if it kept silent. */
	answer?: string;
	/** There was nobody to connect to, so that nothing was sent: it has no headers and no body. */
	undelivered?: true;
}

/** Data that was written to a store. */
export interface StoreEntry {
	at: number;
	kind: "store";
	store: string;
	/** Absent for the host's own data. */
	user?: string;
	/** What was written; null where it was deleted. */
	data: unknown;
}

/** One thing that went out: a line of the trace (JSON Lines). */
export type TraceEntry = StanzaEntry | ReplyEntry | HttpEntry | StoreEntry;
