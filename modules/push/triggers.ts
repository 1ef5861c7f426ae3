import type { ModuleApi, Prosody, PushRegistration, Require, Session, Stanza, StanzaEvent } from "../../bridge/api";
import { extended_hibernation } from "./hibernation";
import { is_important, urgency } from "./importance";
import { pushed_once, type Subject } from "./once";
import type { NamedRegistration, Registrations } from "./registrations";
import { all_sessions, sessions_of } from "./sessions";

/** Seconds for which stanzas of a hibernating session are gathered into one push of a kind. */
const gathering_time = 1;

/** Above the priority at which `mod_mam` archives a message. */
const before_archive = 1;

export interface Triggers {
	/** Makes a session one with no registration. */
	forget_registration(this: void, session: Session): void;
	/** Undoes what was done to sessions. For `module.unload`. */
	release_sessions(this: void): void;
}

export interface TriggerOptions {
	registrations: Registrations;
	/** Seconds that a session may hibernate while no important push was sent for it. */
	hibernation_timeout: number;
	/**
	 * Sends one push.
	 * @param stanza what it is about; nil for a ping
	 * @returns whether it was sent
	 */
	push: (this: void, username: string, registered: NamedRegistration, stanza: Stanza | undefined) => boolean;
}

/**
 * Decides when to push to whom (`mod_cloud_notify`'s business rules): for messages to an account that nobody is
 * connected to, for archived messages to registrations with no session, for what waits unacknowledged in a session's
 * queue, and when another module asks.
 */
export function push_triggers(module: ModuleApi, prosody: Prosody, require: Require, options: TriggerOptions): Triggers {
	const { registrations } = options;
	const jid = require("util.jid");
	const time = require("util.time");
	const hibernation = extended_hibernation(require("util.watchdog"), options.hibernation_timeout);
	const once = pushed_once(require("util.cache"), module.host);

	/** Pushes to each of these registrations what it was not pushed before; returns how many pushes were sent. */
	const notify = (username: string, registered: readonly NamedRegistration[], subject: Subject | undefined): number => {
		let pushes = 0;
		for (const named of registered) {
			if (subject !== undefined) {
				if (once.was_pushed(subject, username, named.identifier)) {
					module.log("debug", "Already pushed for %s@%s to %s (%s)",
						username, module.host, named.registration.jid, named.registration.node);
					continue;
				}
				once.mark(subject, username, named.identifier);
			}
			if (options.push(username, named, subject?.stanza)) pushes++;
		}
		return pushes;
	};

	const notify_all = (username: string, stanza: Stanza): void => {
		notify(username, registrations.all(username) ?? [], { stanza });
	};

	// Messages that nobody is connected for

	module.hook("message/offline/handle", (event) => {
		const username = jid.node(event.stanza.attr.to) ?? event.username;
		notify_all(username, event.stanza);
		return undefined;
	}, 1);

	// What a groupchat sends to the account instead of a client
	module.hook("message/bare/groupchat", (event) => {
		const username = jid.node(event.stanza.attr.to) ?? event.origin.username;
		if (username !== undefined) notify_all(username, event.stanza);
		return undefined;
	}, 1);

	// Archived messages

	// What a user sends is archived for the sender, too, and that is no news. The archive does not tell which of the two
	// it reports, but stores the one on the way in from the sender's session, the other on the way to the recipient.
	let sender: Session | undefined;
	const on_its_way_in = (event: StanzaEvent): undefined => {
		sender = event.origin;
	};
	const on_its_way_out = (): undefined => {
		sender = undefined;
	};
	module.hook("pre-message/bare", on_its_way_in, before_archive);
	module.hook("pre-message/full", on_its_way_in, before_archive);
	module.hook("message/bare", on_its_way_out, before_archive);
	module.hook("message/full", on_its_way_out, before_archive);

	module.hook("archive-message-added", (event) => {
		const { stanza, for_user: username } = event;
		if (username === undefined || event.origin === sender) return undefined;
		const [node, host] = jid.split(stanza.attr.to ?? jid.join(event.origin.username, module.host));
		if (node !== username || host !== module.host) return undefined;
		// With nobody connected the message goes on to message/offline/handle.
		if (prosody.hosts[module.host]?.sessions[username] === undefined) return undefined;

		let registered = registrations.all(username) ?? [];
		const urgent = urgency(stanza);
		if (urgent !== undefined) {
			// A session that looks alive may have a dead connection; a call cannot wait to find out.
			module.log("debug", "Urgent push for %s (%s)", username, urgent);
		} else {
			// Sessions, hibernating ones too, get the message in their queue.
			const alive = sessions_of(module, prosody, username).map((session) => session.push_identifier);
			registered = registered.filter((named) => !alive.includes(named.identifier));
		}
		notify(username, registered, { stanza, archive_id: event.id });
		return undefined;
	});

	// What waits in a session's queue

	/** The registration made on a session, as it is stored now. */
	const registration_of = (session: Session): NamedRegistration | undefined => {
		const identifier = session.push_identifier;
		if (identifier === undefined || session.username === undefined) return undefined;
		const registration = registrations.get(session.username, identifier);
		return registration !== undefined ? { identifier, registration } : undefined;
	};

	/** Pushes for a queue: one push for the important stanzas in it, one for the others. */
	const notify_queue = (session: Session, queue: readonly Stanza[]): void => {
		const username = session.username;
		const registered = registration_of(session);
		if (registered === undefined || username === undefined) return;
		let important = false;
		let unimportant = false;
		for (const stanza of queue) {
			const stanza_is_important = is_important(stanza);
			if (once.was_pushed({ stanza }, username, registered.identifier)) {
				// The client knows, from before the connection broke.
				if (stanza_is_important) hibernation.client_was_notified(session, Math.floor(time.now()));
			} else if (stanza_is_important && !important) {
				important = notify(username, [registered], { stanza }) > 0;
				if (important) hibernation.client_was_notified(session, Math.floor(time.now()));
			} else if (!stanza_is_important && !unimportant) {
				unimportant = notify(username, [registered], { stanza }) > 0;
			}
			if (important && unimportant) break;
		}
	};

	/** Pushes in a moment, so that stanzas in a row make one push. */
	const gather = (session: Session, stanzas: readonly Stanza[]): void => {
		if (session.push_identifier === undefined) return;
		const queue = session.push_queue ?? [];
		queue.push(...stanzas);
		session.push_queue = queue;
		session.awaiting_push_timer ??= module.add_timer(gathering_time, () => {
			const gathered = session.push_queue ?? [];
			session.push_queue = undefined;
			session.awaiting_push_timer = undefined;
			notify_queue(session, gathered);
		});
	};

	const stop_gathering = (session: Session): void => {
		session.awaiting_push_timer?.stop();
		session.awaiting_push_timer = undefined;
		session.push_queue = undefined;
	};

	module.hook("smacks-hibernation-start", (event) => {
		const session = event.origin;
		session.first_hibernated_push = undefined;
		if (session.push_identifier !== undefined) hibernation.extend(session);
		notify_queue(session, event.queue);
		return undefined;
	});

	module.hook("smacks-hibernation-end", (event) => {
		const session = event.resumed;
		if (session !== undefined) {
			stop_gathering(session);
			session.first_hibernated_push = undefined;
		}
		return undefined;
	});

	module.hook("smacks-ack-delayed", (event) => {
		gather(event.origin, event.stanza !== undefined ? [event.stanza] : event.queue);
		return undefined;
	});

	module.hook("smacks-hibernation-stanza-queued", (event) => {
		gather(event.origin, [event.stanza]);
		return undefined;
	});

	// Requests of other modules

	const named = (given: Record<string, PushRegistration>): NamedRegistration[] => {
		const registered: NamedRegistration[] = [];
		for (const identifier in given) {
			registered.push({ identifier, registration: given[identifier]! });
		}
		return registered;
	};

	module.hook("cloud-notify-ping", (event) => {
		const registered = event.push_services !== undefined
			? named(event.push_services)
			: registrations.all(event.user) ?? [];
		notify(event.user, registered, undefined);
		return undefined;
	});

	return {
		forget_registration: (session) => {
			stop_gathering(session);
			hibernation.restore(session);
			session.push_identifier = undefined;
			session.push_settings = undefined;
			session.first_hibernated_push = undefined;
		},
		release_sessions: () => {
			for (const session of all_sessions(module, prosody)) {
				stop_gathering(session);
				hibernation.restore(session);
				session.first_hibernated_push = undefined;
			}
		},
	};
}
