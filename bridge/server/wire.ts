/** The client's end of a stream: what the server calls. */
export interface ClientEnd {
	/** One element that came over the stream, as text. */
	receive(xml: string): void;
	/** The server closed the stream; `error` is the stream error's condition if there was one. */
	closed(error?: string): void;
}

/** The server's end of a client's stream: what the client calls. The client is logged in when it has one. */
export interface ClientConnection {
	/** The bare JID while no resource is bound. */
	readonly full_jid: string;
	/** One element, as text. What is no well-formed XML, or too large, ends the stream with an error, as in Prosody. */
	send(xml: string): void;
	/** Closes the stream properly. */
	close(): void;
	/** The TCP connection breaks. */
	lose(): void;
}

/** Whom a client logs in as. Passwords are not checked: the simulated server has no authentication. */
export interface Login {
	username: string;
	/** The server chooses one if it is absent. */
	resource?: string;
	/** SASL2's id of the client. */
	client_id?: string;
	/**
	 * Log in with SASL2 and Bind 2, which fires their events. The resource is then a tag (XEP-0386): the server adds
	 * something to it.
	 */
	sasl2?: boolean;
	/** Elements, as text, that ask Bind 2 to enable something. */
	inline?: readonly string[];
	/** Do not bind a resource yet: the client is about to resume a stream. */
	unbound?: boolean;
}

/** The component's end of its stream. */
export interface ComponentEnd {
	receive(xml: string): void;
	closed(error?: string): void;
}

export interface ComponentConnection {
	send(xml: string): void;
	close(): void;
}
