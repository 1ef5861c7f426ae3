import type { ModuleApi, Prosody, Require, Stanza } from "../../bridge/api";
import { is_important } from "./importance";
import { pushed_once, type Subject } from "./once";
import type { NamedRegistration, Registrations } from "./registrations";
import { sessions_of } from "./sessions";

/**
 * Sends one push.
 * @param stanza what it is about; nil for a ping
 * @returns whether it was sent
 */
export type Push = (
	this: void, username: string, registered: NamedRegistration, stanza: Stanza | undefined,
) => boolean;

/** Pushes to registrations, nothing twice to the same. */
export interface Pusher {
	registrations: Registrations;
	/**
	 * Pushes to each of these registrations what it was not pushed before.
	 * @param subject nil for a ping, which is about nothing
	 * @returns how many pushes were sent
	 */
	notify(
		this: void, username: string, registered: readonly NamedRegistration[], subject: Subject | undefined,
	): number;
	/** Pushes a stanza to all registrations of the user. */
	notify_all(this: void, username: string, stanza: Stanza): void;
	was_pushed(this: void, subject: Subject, username: string, identifier: string): boolean;
}

export function pusher(
	module: ModuleApi, prosody: Prosody, require: Require, registrations: Registrations, push: Push,
): Pusher {
	const once = pushed_once(module, require("util.cache"));

	/** Notes on the sessions of a registration, if there are any, that their client was told of something important. */
	const note_notified = (username: string, identifier: string, stanza: Stanza): void => {
		for (const session of sessions_of(module, prosody, username)) {
			if (session.push_identifier === identifier && is_important(stanza)) session.notified_of_important = true;
		}
	};

	const notify = (
		username: string, registered: readonly NamedRegistration[], subject: Subject | undefined,
	): number => {
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
			if (push(username, named, subject?.stanza)) {
				pushes++;
				if (subject !== undefined) note_notified(username, named.identifier, subject.stanza);
			}
		}
		return pushes;
	};

	return {
		registrations,
		notify,
		notify_all: (username, stanza) => {
			notify(username, registrations.all(username) ?? [], { stanza });
		},
		was_pushed: once.was_pushed,
	};
}
