import type { Host, LogFunction, Session, Stanza } from "../api";
import { isTrue } from "./lua-truth";
import type { Rosters } from "./rosters";
import type { ServerSession } from "./session-fields";

/** Why a resource could not be bound: the stanza error to answer with. */
export interface BindFailure {
	type: string;
	condition: string;
	text?: string;
}

/** Sessions of accounts: Prosody's `core.sessionmanager` with the tables that it keeps. */
export class Sessions {
	private readonly host: Host;
	private readonly rosters: Rosters;
	private readonly log: LogFunction;
	/** When each full JID was bound: how many had been before. */
	private readonly bound = new Map<string, number>();
	private count = 0;

	constructor(host: Host, rosters: Rosters) {
		this.host = host;
		this.rosters = rosters;
		this.log = host.require("util.logger").init("sessionmanager");
	}

	/** Logs a session in. False for an invalid user name. */
	make_authenticated(session: Session, name: string): boolean {
		const username = this.host.require("util.encodings").stringprep.nodeprep(name);
		if (username === undefined || username === "") return false;
		session.username = username;
		if (session.type === "c2s_unauthed") session.type = "c2s_unbound";
		session.log("info", "Authenticated as %s@%s", username, session.host);
		return true;
	}

	/** Gives a session its resource, chosen here if none is asked for, and fires `resource-bind`. Nil if all went well. */
	bind_resource(session: ServerSession, wish: string | undefined): BindFailure | undefined {
		const { username, host } = session;
		if (username === undefined || host === undefined) {
			const text = "Cannot bind resource before authentication";
			return { type: "auth", condition: "not-authorized", text };
		}
		if (session.resource !== undefined) {
			const text = "Cannot bind multiple resources on a single connection";
			return { type: "cancel", condition: "not-allowed", text };
		}
		const { prosody } = this.host;
		const host_object = prosody.hosts[host]!;
		const event: { session: Session; resource?: string; error?: BindFailure } =
			this.host.table({ session, resource: wish });
		if (host_object.events.fire_event("pre-resource-bind", event) === false) {
			return event.error ?? { type: "cancel", condition: "not-allowed" };
		}
		const prepared = this.host.require("util.encodings").stringprep.resourceprep(event.resource ?? "");
		const resource = prepared !== undefined && prepared !== "" ? prepared : this.host.require("util.id").short();

		const bare_jid = `${username}@${host}`;
		// A closed session takes itself out of the tables, and with the last one the account goes from them too.
		host_object.sessions[username]?.sessions[resource]?.close(
			this.host.table({ condition: "conflict", text: "Replaced by new connection" }),
		);
		session.resource = resource;
		session.full_jid = `${bare_jid}/${resource}`;
		let user = host_object.sessions[username];
		if (!user) {
			const sessions: Record<string, Session> = Object.create(null);
			user = this.host.table({ sessions: this.host.table(sessions) });
			host_object.sessions[username] = user;
			prosody.bare_sessions[bare_jid] = user;
		}
		user.sessions[resource] = session;
		prosody.full_sessions[session.full_jid] = session;
		this.bound.set(session.full_jid, this.count++);
		if (session.type === "c2s_unbound") session.type = "c2s";
		session.roster = this.rosters.load(username, host);
		host_object.events.fire_event("resource-bind", this.host.table({ session }));
		return undefined;
	}

	/**
	 * Ends a session, unless a handler of `pre-resource-unbind` keeps it (hibernation).
	 *
	 * @param error why, as it is told to others; `false` if the client closed its stream
	 */
	destroy_session(session: ServerSession, error?: string | false): void {
		if (session.destroyed) return;
		const { full_jid, username, host, resource } = session;
		if (full_jid === undefined || username === undefined || host === undefined || resource === undefined) {
			session.log("debug", "Destroying unbound session for <%s@%s>", username, host);
			this.retire_session(session);
			return;
		}
		const { prosody } = this.host;
		const host_object = prosody.hosts[host]!;
		if (isTrue(host_object.events.fire_event("pre-resource-unbind", this.host.table({ session, error })))) {
			session.log("debug", "Resource unbind prevented by module");
			return;
		}
		session.log("debug", "Unbinding resource for %s%s", full_jid, error ? `: ${error}` : "");
		session.destroyed = true;
		const sessions = host_object.sessions[username]!.sessions;
		delete sessions[resource];
		delete prosody.full_sessions[full_jid];
		this.bound.delete(full_jid);
		if (Object.keys(sessions).length === 0) {
			this.log("debug", "All resources of %s are now offline", username);
			delete host_object.sessions[username];
			delete prosody.bare_sessions[`${username}@${host}`];
		}
		host_object.events.fire_event("resource-unbind", this.host.table({ session, error }));
		this.retire_session(session);
	}

	/** Sends to every available session of an account. Returns how many there are. */
	send_to_available_resources(username: string, host: string, stanza: Stanza): number {
		return this.send_where(username, host, stanza, (session) => session.presence !== undefined);
	}

	/** Sends to every session of an account that asked for the roster. Returns how many there are. */
	send_to_interested_resources(username: string, host: string, stanza: Stanza): number {
		return this.send_where(username, host, stanza, (session) => session.interested === true);
	}

	/**
	 * The sessions of an account at this moment, in the order in which they were bound: hosts keep the keys of a table in
	 * different orders, and resources that the server chose are others in each run.
	 */
	of(bare_jid: string): ServerSession[] {
		const sessions = this.host.prosody.bare_sessions[bare_jid]?.sessions ?? {};
		const resources: string[] = [];
		for (const resource in sessions) resources.push(resource);
		const boundAt = (resource: string): number => this.bound.get(`${bare_jid}/${resource}`) ?? -1;
		return resources.sort((a, b) => boundAt(a) - boundAt(b)).map((resource) => sessions[resource] as ServerSession);
	}

	private send_where(username: string, host: string, stanza: Stanza, wanted: (session: Session) => boolean): number {
		const recipients = this.of(`${username}@${host}`).filter(wanted);
		for (const session of recipients) session.send(stanza);
		return recipients.length;
	}

	/** Leaves of a session only what somebody who still holds it may call. */
	private retire_session(session: ServerSession): void {
		const { log } = session;
		for (const field of Object.keys(session)) {
			if (field !== "log" && field !== "id") delete (session as unknown as Record<string, unknown>)[field];
		}
		const discard = (data: unknown): boolean => {
			log("debug", "Discarding data sent to resting session: %s", data);
			return false;
		};
		session.send = discard;
		session.rawsend = discard;
		session.destroyed = true;
		(session as { type: string }).type = "c2s_destroyed";
		session.close = () => log("debug", "Attempt to close already-closed session");
	}
}
