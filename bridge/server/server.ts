import type { Accounts } from "./accounts";
import type { ClientConnection, ClientEnd, ComponentConnection, ComponentEnd, Login } from "./wire";
import type { EventPayload, Host, Machine, ProsodyModule } from "../api";
import type { Parts, SentListener } from "./parts";
import type { ClientOptions } from "./mod_c2s";
import { ClientStream } from "./connection";
import { ComponentHost } from "./component-host";
import { EventLoop } from "./loop";
import { LOCALHOST } from "./parts";
import { Rosters } from "./rosters";
import { Sessions } from "./sessions";
import type { Series } from "./series";
import { advertiseBindFeatures, bindInline } from "./sasl2";
import { installRouter } from "./router";
import { mod_c2s } from "./mod_c2s";
import { mod_carbons } from "./mod_carbons";
import { mod_csi } from "./mod_csi";
import { mod_csi_simple } from "./mod_csi_simple";
import { mod_disco } from "./mod_disco";
import { mod_iq } from "./mod_iq";
import { mod_mam } from "./mod_mam";
import { mod_message } from "./mod_message";
import { mod_offline } from "./mod_offline";
import { mod_ping } from "./mod_ping";
import { mod_presence } from "./mod_presence";
import { mod_roster } from "./mod_roster";
import { mod_s2s } from "./mod_s2s";
import { mod_sasl2_bind2 } from "./mod_sasl2_bind2";
import { mod_saslauth } from "./mod_saslauth";
import { mod_smacks } from "./mod_smacks";

/** Prosody's modules around a module under test, in the order in which they are loaded. */
const MODULES: readonly [name: string, simulation: (parts: Parts) => ProsodyModule][] = [
	["presence", mod_presence],
	["message", mod_message],
	["iq", mod_iq],
	["offline", mod_offline],
	["s2s", mod_s2s],
	["saslauth", mod_saslauth],
	["sasl2_bind2", mod_sasl2_bind2],
	["roster", mod_roster],
	["disco", mod_disco],
	["ping", mod_ping],
	["carbons", mod_carbons],
	["csi", mod_csi],
	["csi_simple", mod_csi_simple],
	["mam", mod_mam],
	["smacks", mod_smacks],
];

export interface ServerOptions {
	/** A fresh host: the server gives it a router and loads Prosody's modules. */
	host: Host;
	/** The machine that the host runs on. */
	machine: Machine;
	/** Outlives the server. */
	accounts: Accounts;
	/** `0.12` if absent. */
	series?: Series;
	/** Told of every stanza that the host itself sends to a component, or to a server that it cannot find. */
	onSent?: SentListener;
}

/**
 * The simulated server: what Prosody 0.12.3 or 13.0.1 does around a push module, with the same hooks, payloads and order. The
 * option `modules_disabled` leaves out modules by name.
 */
export class Server {
	private readonly parts: Parts;
	private readonly components = new Map<string, ComponentHost>();
	private options!: ClientOptions;
	private client_count = 0;
	private stopped = false;

	constructor({ host, machine, accounts, series = "0.12", onSent }: ServerOptions) {
		const rosters = new Rosters(host, accounts);
		this.parts = {
			host,
			machine,
			accounts,
			series,
			loop: new EventLoop(machine.clock),
			rosters,
			sessions: new Sessions(host, rosters),
			connected: new Set(),
			streams: new WeakMap(),
			onSent: onSent ?? (() => undefined),
		};
		installRouter(host);
		host.load("c2s", {
			typescript: mod_c2s(this.parts, (options) => {
				this.options = options;
			}),
		});
		for (const [name, simulation] of MODULES) {
			if (!this.options.disabled(name)) host.load(name, { typescript: simulation(this.parts) });
		}
	}

	/**
	 * A client connected and logged in; passwords are not checked, and an account that is missing comes to be. Unless
	 * the login says otherwise, a resource is bound. With SASL2, the client receives what of the stream's features is about
	 * Bind 2, and `<success>`, before this returns.
	 *
	 * Throws for a user name that is invalid, and for a resource that a module refuses.
	 */
	acceptClient(login: Login, end: ClientEnd): ClientConnection {
		return this.parts.loop.run(() => {
			this.expectRunning();
			const { parts } = this;
			const stream = new ClientStream(parts, end, `c2s${++this.client_count}`, this.options.stanza_size_limit);
			const { session } = stream;
			if (login.sasl2) session.send(advertiseBindFeatures(parts, session));
			if (!parts.sessions.make_authenticated(session, login.username)) {
				stream.connection.lose();
				throw new Error(`Nobody can log in as ${JSON.stringify(login.username)}: it is no valid user name`);
			}
			parts.accounts.register(session.username!);
			if (login.client_id !== undefined) session.client_id = login.client_id;
			if (login.unbound) return stream.connection;
			const result = login.sasl2 ? bindInline(parts, session, login)
				: parts.sessions.bind_resource(session, login.resource);
			if (result !== undefined && "condition" in result) {
				stream.connection.lose();
				throw new Error(`${session.username} cannot bind a resource: ${result.text ?? result.condition}`);
			}
			if (result) session.send(result);
			return stream.connection;
		});
	}

	/** A component connected. Throws for a JID that is no host name, is taken, or is the server's own. */
	acceptComponent(jid: string, end: ComponentEnd): ComponentConnection {
		return this.parts.loop.run(() => {
			this.expectRunning();
			const { host } = this.parts;
			const [node, domain, resource] = host.require("util.jid").prepped_split(jid);
			if (domain !== jid || node !== undefined || resource !== undefined) {
				throw new Error(`${JSON.stringify(jid)} is no host name that a component could have`);
			}
			let component = this.components.get(jid);
			if (component?.connected) throw new Error(`The component ${jid} is connected already`);
			if (!component) {
				if (host.prosody.hosts[jid]) throw new Error(`${jid} is a host of the server, not a component`);
				host.create_host(jid, "component");
				component = new ComponentHost(this.parts, host.prosody.hosts[jid]!);
				this.components.set(jid, component);
			}
			return component.connect(end);
		});
	}

	/** Fires an event on `localhost` and returns the first result that is not nil. */
	fire<Name extends string>(event: Name, payload: EventPayload<Name>): unknown {
		return this.parts.loop.run(() => {
			this.expectRunning();
			const { host } = this.parts;
			return host.prosody.hosts[LOCALHOST]!.events.fire_event(event, host.table(payload as object));
		});
	}

	/**
	 * Shuts down as Prosody does: resumable streams are ended so that a client that tries to resume later is told what
	 * was handled, then all other streams are closed with `system-shutdown`. The host is the caller's to stop.
	 */
	stop(reason = "Received SIGTERM"): void {
		if (this.stopped) return;
		this.parts.loop.run(() => {
			const { host } = this.parts;
			host.prosody.events.fire_event("server-stopping", host.table({ reason }));
			for (const component of this.components.values()) component.close();
			this.stopped = true;
		});
		this.parts.host.prosody.events.fire_event("server-stopped");
	}

	private expectRunning(): void {
		if (this.stopped) throw new Error("The server has stopped");
	}
}
