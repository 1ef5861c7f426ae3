import type { ComponentConnection, ComponentEnd } from "./wire";
import type { HostObject, Session, Stanza, StanzaEvent } from "../api";
import { LOCALHOST } from "./parts";
import type { Parts } from "./parts";
import { Pipe } from "./pipe";
import { traceback } from "./traceback";
import { parseElement } from "./element";

const COMPONENT_NAMESPACE = "jabber:component:accept";
/** Bytes that one element from a component may have (`component_stanza_size_limit`). */
const STANZA_SIZE_LIMIT = 512 * 1024;
/** All that can be addressed to a component. */
const EVENTS = ["iq", "message", "presence"].flatMap((name) => ["bare", "full", "host"].map((to) => `${name}/${to}`));

/** The host of an external component, connected or not (`mod_component`, XEP-0114). */
export class ComponentHost {
	private readonly parts: Parts;
	private readonly jid: string;
	private stream: ComponentStream | undefined;

	/** @param host_object what the host has under this JID */
	constructor(parts: Parts, host_object: HostObject) {
		this.parts = parts;
		this.jid = host_object.host;
		for (const event of EVENTS) {
			host_object.events.add_handler(event, (payload: StanzaEvent) => this.handleStanza(payload), -1);
		}
	}

	get connected(): boolean {
		return this.stream !== undefined;
	}

	/** A component connected, and is who it says. */
	connect(end: ComponentEnd): ComponentConnection {
		const stream = new ComponentStream(this.parts, this.jid, end, () => {
			this.stream = undefined;
		});
		this.stream = stream;
		return stream.connection;
	}

	/** Closes the component's stream, if it is connected. */
	close(condition?: string): void {
		this.stream?.close(condition);
	}

	private handleStanza({ origin, stanza }: StanzaEvent): true {
		if (this.stream) {
			delete stanza.attr.xmlns;
			this.stream.send(stanza);
		} else if (stanza.attr.type !== "error" && stanza.attr.type !== "result") {
			const st = this.parts.host.require("util.stanza");
			origin.send(st.error_reply(stanza, "wait", "remote-server-timeout", "Component unavailable", this.jid)
				.tag("not-connected", { xmlns: "xmpp:prosody.im/protocol/component" }));
		}
		return true;
	}
}

/** The server's end of a component's stream. */
class ComponentStream {
	readonly connection: ComponentConnection;
	private readonly parts: Parts;
	private readonly jid: string;
	private readonly pipe: Pipe;
	private readonly session: Session;

	constructor(parts: Parts, jid: string, end: ComponentEnd, disconnected: () => void) {
		this.parts = parts;
		this.jid = jid;
		const { host, loop, machine } = parts;
		this.pipe = new Pipe(machine.clock, loop, end, { disconnected });
		this.session = host.table<Session>({
			type: "component",
			host: jid,
			log: host.require("util.logger").init(`jcp-${jid}`),
			send: (stanza: Stanza) => this.send(stanza),
			close: (...args: unknown[]) => {
				const reason = args.at(-1);
				this.close(typeof reason === "string" ? reason : "undefined-condition");
			},
		});
		this.connection = {
			send: (xml) => loop.post(() => this.receive(xml)),
			close: () => loop.post(() => this.close()),
		};
	}

	send(stanza: Stanza): boolean {
		const { to, from } = stanza.attr;
		const xml = String(stanza);
		if (to !== undefined && from === LOCALHOST) this.parts.onSent(to, from, xml, true);
		return this.pipe.write(xml);
	}

	close(condition?: string): void {
		this.pipe.end(condition);
		this.pipe.close();
	}

	private receive(text: string): void {
		if (!this.pipe.open) return;
		const { host } = this.parts;
		const stanza = Buffer.byteLength(text) > STANZA_SIZE_LIMIT
			? undefined : parseElement(host.require, text, COMPONENT_NAMESPACE);
		if (!stanza) {
			this.close("not-well-formed");
			return;
		}
		const { xmlns, from, to, type } = stanza.attr;
		if (xmlns === undefined || xmlns === "jabber:client") {
			// 0.12 lets a component leave out its own address.
			if (from === undefined && this.parts.series === "0.12") {
				stanza.attr.from = this.jid;
			} else if (from === undefined || host.require("util.jid").host(from) !== this.jid) {
				this.session.log("warn", "Component sent stanza with missing or invalid 'from' address");
				this.close("invalid-from");
				return;
			}
			if (to === undefined) {
				if (this.parts.series !== "0.12" && (type === "error" || type === "result")) return;
				const text = "Components MUST specify a 'to' address on stanzas";
				this.session.send(host.require("util.stanza").error_reply(stanza, "modify", "bad-request", text));
				return;
			}
		}
		try {
			host.prosody.core_process_stanza(this.session, stanza);
		} catch (error) {
			this.session.log("error", "Traceback[component]: %s", traceback(error));
		}
	}
}
