import type { Session, Stanza } from "../../bridge/api";
import type { Hibernation } from "./hibernation";
import type { Pusher } from "./pusher";
import type { NamedRegistration } from "./registrations";
import { stop_gathering } from "./sessions";

/** Seconds for which stanzas of a hibernating session are gathered into one push of a kind. */
const gathering_time = 1;

/**
 * Pushes what waits in the queues of sessions (XEP-0198): unacknowledged for too long, or while they hibernate.
 * @returns pushes at once what has been gathered
 */
export function push_queued_stanzas<Registration>(
	hibernation: Hibernation, pusher: Pusher<Registration>,
): (this: void) => void {
	const { module, require, registrations, sessions, rules } = pusher;
	const time = require("util.time");

	/** The registration made on a session, as it is stored now. */
	const registration_of = (session: Session): NamedRegistration<Registration> | undefined => {
		const identifier = sessions.identifier_of(session);
		if (identifier === undefined || session.username === undefined) return undefined;
		const registration = registrations.get(session.username, identifier);
		return registration !== undefined ? { identifier, registration } : undefined;
	};

	/** Pushes for a queue: one push for the important stanzas in it, one for the others. */
	const notify_queue = (session: Session, queue: readonly Stanza[]): void => {
		const username = session.username;
		if (username === undefined) return;

		const client_was_notified = (): void => hibernation.client_was_notified(session, Math.floor(time.now()));
		let important = false;
		let unimportant = false;
		for (const stanza of queue) {
			// A push may meet an error at once, and that may end the registration.
			const registered = registration_of(session);
			if (registered === undefined) return;
			const subject = { stanza, stage: "queued" } as const;
			const stanza_is_important = rules.is_important(stanza, username);
			if (pusher.was_pushed(subject, username, registered.identifier)) {
				// Pushed before the connection broke; what was pushed before the client came back last is no reason
				// for it to come back again.
				if (stanza_is_important && sessions.state_of(session).notified_of_important === true) client_was_notified();
			} else if (stanza_is_important && !important) {
				important = pusher.notify(username, [registered], subject) > 0;
				if (important) client_was_notified();
			} else if (!stanza_is_important && !unimportant) {
				unimportant = pusher.notify(username, [registered], subject) > 0;
			}
			if (important && unimportant) break;
		}
	};

	const push_gathered = (session: Session): void => {
		const state = sessions.state_of(session);
		const gathered = state.queue ?? [];
		stop_gathering(state);
		notify_queue(session, gathered);
	};

	/** Pushes in a moment, so that stanzas in a row make one push. */
	const gather = (session: Session, stanzas: readonly Stanza[]): void => {
		if (sessions.identifier_of(session) === undefined) return;
		const state = sessions.state_of(session);
		const queue = state.queue ?? [];
		queue.push(...stanzas);
		state.queue = queue;
		state.timer ??= module.add_timer(gathering_time, () => {
			state.timer = undefined;
			push_gathered(session);
		});
	};

	module.hook("smacks-hibernation-start", (event) => {
		const session = event.origin;
		session.first_hibernated_push = undefined;
		if (sessions.identifier_of(session) !== undefined) hibernation.extend(session);
		notify_queue(session, event.queue);
		return undefined;
	});

	module.hook("smacks-hibernation-end", (event) => {
		const session = event.resumed;
		if (session !== undefined) {
			const state = sessions.state_of(session);
			stop_gathering(state);
			state.notified_of_important = undefined;
			hibernation.ended(session);
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

	return () => {
		for (const session of sessions.all()) push_gathered(session);
	};
}
