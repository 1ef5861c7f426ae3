import type { ModuleApi, Require, Session, Stanza } from "../../bridge/api";
import type { Hibernation } from "./hibernation";
import { is_important } from "./importance";
import type { Pusher } from "./pusher";
import type { NamedRegistration } from "./registrations";

/** Seconds for which stanzas of a hibernating session are gathered into one push of a kind. */
const gathering_time = 1;

/** Drops what a session has gathered. */
export function stop_gathering(session: Session): void {
	session.awaiting_push_timer?.stop();
	session.awaiting_push_timer = undefined;
	session.push_queue = undefined;
}

/** Pushes what waits in the queues of sessions (XEP-0198): unacknowledged for too long, or while they hibernate. */
export function push_queued_stanzas(
	module: ModuleApi, require: Require, hibernation: Hibernation, pusher: Pusher,
): void {
	const time = require("util.time");

	/** The registration made on a session, as it is stored now. */
	const registration_of = (session: Session): NamedRegistration | undefined => {
		const identifier = session.push_identifier;
		if (identifier === undefined || session.username === undefined) return undefined;
		const registration = pusher.registrations.get(session.username, identifier);
		return registration !== undefined ? { identifier, registration } : undefined;
	};

	/** Pushes for a queue: one push for the important stanzas in it, one for the others. */
	const notify_queue = (session: Session, queue: readonly Stanza[]): void => {
		const username = session.username;
		const registered = registration_of(session);
		if (registered === undefined || username === undefined) return;

		const client_was_notified = (): void => hibernation.client_was_notified(session, Math.floor(time.now()));
		let important = false;
		let unimportant = false;
		for (const stanza of queue) {
			const stanza_is_important = is_important(stanza);
			if (pusher.was_pushed({ stanza }, username, registered.identifier)) {
				// Pushed before the connection broke; what was pushed before the client came back last is no reason
				// for it to come back again.
				if (stanza_is_important && session.notified_of_important === true) client_was_notified();
			} else if (stanza_is_important && !important) {
				important = pusher.notify(username, [registered], { stanza }) > 0;
				if (important) client_was_notified();
			} else if (!stanza_is_important && !unimportant) {
				unimportant = pusher.notify(username, [registered], { stanza }) > 0;
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
			session.notified_of_important = undefined;
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
}
