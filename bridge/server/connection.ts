import type { ClientConnection, ClientEnd } from "./wire";
import type { CloseReason, ServerSession } from "./session-fields";
import type { Connection, Stanza } from "../api";
import { LOCALHOST } from "./parts";
import type { Parts } from "./parts";
import { STREAMS_NAMESPACE, parseElement } from "./element";
import { Pipe } from "./pipe";
import { traceback } from "./traceback";
import { isTrue } from "./lua-truth";
import { reasonText } from "./session-fields";

const STREAM_ERRORS_NAMESPACE = "urn:ietf:params:xml:ns:xmpp-streams";
/** Seconds that a client has to close its side of the stream (`c2s_close_timeout`). */
const CLOSE_TIMEOUT = 5;

/** The server's end of a client's stream, as Prosody's `mod_c2s` and `util.xmppstream` handle it. */
export class ClientStream {
	/** The session that this stream belongs to now; resumption gives it to another one. */
	session: ServerSession;
	readonly connection: ClientConnection;
	private readonly parts: Parts;
	private readonly pipe: Pipe;
	private readonly conn: Connection;
	private readonly size_limit: number;
	private filter: (this: void, type: string, data: unknown) => unknown;
	private detached = false;

	/**
	 * @param id the session's id, such as `c2s1`
	 * @param size_limit bytes that one element may have
	 */
	constructor(parts: Parts, end: ClientEnd, id: string, size_limit: number) {
		this.parts = parts;
		this.size_limit = size_limit;
		const { host, loop, machine } = parts;
		this.pipe = new Pipe(machine.clock, loop, end, {
			predrain: () => this.fire("c2s-pre-ondrain"),
			drain: () => this.fire("c2s-ondrain"),
			read_timeout: () => isTrue(this.fire("c2s-read-timeout")),
			disconnected: (error) => this.disconnected(error),
		});
		this.conn = host.table<Connection>({
			close: () => this.pipe.close(),
			pause_writes: () => this.pipe.pauseWrites(),
			resume_writes: () => this.pipe.resumeWrites(),
			ip: () => "127.0.0.1",
		});
		this.session = host.table<ServerSession>({
			type: "c2s_unauthed",
			id,
			host: LOCALHOST,
			ip: "127.0.0.1",
			conn: this.conn,
			log: host.require("util.logger").init(id),
			send: () => false,
			rawsend: () => false,
			close: () => undefined,
		});
		this.filter = host.require("util.filters").initialize(this.session);
		parts.streams.set(this.session, this);
		parts.connected.add(this);
		this.giveFunctions(this.session);
		const fullJid = () => this.session.full_jid ?? `${this.session.username}@${LOCALHOST}`;
		this.connection = {
			get full_jid() {
				return fullJid();
			},
			send: (xml) => loop.post(() => this.receive(xml)),
			close: () => loop.post(() => this.streamClosed()),
			lose: () => loop.post(() => this.pipe.lose(parts.series === "0.12" ? undefined : "closed")),
		};
	}

	/** Gives this stream to the session that it resumes, in place of the one that it had and that session's old stream. */
	resume(resumed: ServerSession): void {
		const old = this.parts.streams.get(resumed);
		if (resumed.conn) {
			resumed.log("debug", "Closing an old connection for this session");
			old!.detach();
			resumed.conn.close();
		}
		const session = this.session;
		resumed.ip = session.ip;
		resumed.conn = this.conn;
		this.session = resumed;
		this.parts.streams.set(resumed, this);
		delete (resumed as { filters?: unknown }).filters;
		delete (resumed as { filter?: unknown }).filter;
		this.filter = this.parts.host.require("util.filters").initialize(resumed);
		this.giveFunctions(resumed);
		session.log = resumed.log;
		session.type = resumed.type;
	}

	/** The connection no longer belongs to the session. What is in its buffer still leaves. */
	detach(): void {
		this.detached = true;
	}

	private giveFunctions(session: ServerSession): void {
		session.rawsend = (text) => this.rawsend(text);
		session.send = (stanza) => this.send(stanza);
		// Lua calls `session:close(reason)`, with the session itself as the first argument.
		session.close = (...args: unknown[]) => {
			const [first, second] = args;
			this.close((this.isSession(first) ? second : first) as CloseReason);
		};
	}

	private isSession(value: unknown): boolean {
		return typeof value === "object" && value !== null && this.parts.streams.has(value as ServerSession);
	}

	private send(stanza: Stanza | string): boolean {
		if (typeof stanza === "string") return this.rawsend(stanza);
		this.session.log("debug", "Sending[%s]: %s", this.session.type, stanza.top_tag());
		const filtered = this.filter("stanzas/out", stanza);
		return filtered === undefined ? true : this.rawsend(String(filtered));
	}

	private rawsend(text: string): boolean {
		const filtered = this.filter("bytes/out", text);
		if (filtered === undefined) return true;
		if (this.pipe.write(filtered as string)) return true;
		this.session.log("debug", "Error writing to connection");
		return false;
	}

	private receive(text: string): void {
		const { session } = this;
		if (!this.pipe.open || session.destroyed) {
			session.log("debug", "Discarding data received from resting session: %s", text);
			return;
		}
		this.pipe.heard();
		const data = this.filter("bytes/in", text);
		if (data === undefined) return;
		if (Buffer.byteLength(data as string) > this.size_limit) {
			const extra = this.parts.host.require("util.stanza").stanza("stanza-too-big", { xmlns: "urn:xmpp:errors" });
			this.close({ condition: "policy-violation", text: "XML stanza is too big", extra });
			return;
		}
		const stanza = parseElement(this.parts.host.require, data as string, "jabber:client");
		if (!stanza) {
			session.log("debug", "Received invalid XML: %s", text.slice(0, 300));
			this.close("not-well-formed");
		} else if (stanza.name === "error" && stanza.attr.xmlns === STREAMS_NAMESPACE) {
			const condition = stanza.tags.find((tag) => tag.attr.xmlns === STREAM_ERRORS_NAMESPACE)?.name;
			session.log("info", "Session closed by remote with error: %s", condition ?? "undefined-condition");
			this.close(undefined);
		} else {
			this.handle(stanza);
		}
	}

	/** A handler that fails costs one stanza, not the server. */
	private handle(stanza: Stanza): void {
		const { session } = this;
		try {
			const filtered = this.filter("stanzas/in", stanza);
			if (filtered !== undefined) this.parts.host.prosody.core_process_stanza(session, filtered as Stanza);
		} catch (error) {
			session.log("error", "Traceback[c2s]: %s", traceback(error));
		}
	}

	/** The client closed its stream. */
	private streamClosed(): void {
		if (!this.pipe.open) return;
		this.session.log("debug", "Received </stream:stream>");
		this.close(false);
	}

	/** Closes the stream and ends the session: `session:close()` of Prosody's `mod_c2s`. */
	private close(why: CloseReason): void {
		const { session, parts } = this;
		const payload = parts.host.table<{ session: ServerSession; reason: CloseReason }>({ session, reason: why });
		this.events().fire_event("pre-session-close", payload);
		const reason = payload.reason;
		const text = reasonText(reason);
		if (!session.conn) {
			parts.sessions.destroy_session(session, text);
			return;
		}
		this.pipe.end(reason === undefined || reason === false ? undefined : conditionOf(reason));
		session.send = () => false;
		session.log("debug", "c2s stream for %s closed: %s", session.full_jid, text || "session closed");
		if (text === undefined && session.type === "c2s") {
			// A stream that is closed without an error may still bring stanzas until the client closes its side.
			parts.host.require("util.timer").add_task(CLOSE_TIMEOUT, () => {
				if (!session.destroyed) {
					session.log("warn", "Failed to receive a stream close response, closing connection anyway...");
					parts.sessions.destroy_session(session, text);
					this.pipe.close();
				}
			});
			return;
		}
		parts.sessions.destroy_session(session, text);
		this.pipe.close();
	}

	private disconnected(error: string | undefined): void {
		this.parts.connected.delete(this);
		if (this.detached) return;
		const { session } = this;
		// What a listener throws goes no further than net.server.
		try {
			session.log("info", "Client disconnected: %s", error ?? "connection closed");
			this.parts.sessions.destroy_session(session, error);
			delete session.conn;
		} catch (thrown) {
			session.log("error", "Error calling ondisconnect: %s", traceback(thrown));
		}
	}

	private events() {
		return this.parts.host.prosody.hosts[LOCALHOST]!.events;
	}

	private fire(event: string): unknown {
		if (this.detached) return undefined;
		return this.events().fire_event(event, this.parts.host.table({ session: this.session }));
	}
}

function conditionOf(reason: Exclude<CloseReason, false | undefined>): string {
	if (typeof reason === "string") return reason;
	return reason.condition ?? "undefined-condition";
}
