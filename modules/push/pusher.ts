import type { ModuleApi, Prosody, PushRegistration, Require, Stanza } from "../../bridge/api";
import { pushed_once, type MarkName, type PushedOnce, type Subject } from "./once";
import type { NamedRegistration, Registrations } from "./registrations";
import type { Rules } from "./rules";
import type { PushSessions } from "./sessions";

/** A push module, as far as it differs from others. */
export interface PushModule<Registration> {
	module: ModuleApi;
	prosody: Prosody;
	require: Require;
	registrations: Registrations<Registration>;
	sessions: PushSessions;
	rules: Rules;
	mark_name: MarkName;
	/** The registrations that a ping names. Absent where these are another module's. */
	named_in_ping?(
		this: void, push_services: Readonly<Record<string, PushRegistration>>,
	): readonly NamedRegistration<Registration>[];
	/**
	 * Sends one push.
	 * @param subject what it is about; nil for a ping
	 * @returns whether it was sent
	 */
	push(
		this: void, username: string, registered: NamedRegistration<Registration>, subject: Subject | undefined,
	): boolean;
}

/** Pushes to registrations, nothing twice to the same. */
export interface Pusher<Registration> extends PushModule<Registration> {
	/**
	 * Pushes to each of these registrations what it was not pushed before.
	 * @param subject nil for a ping, which is about nothing
	 * @returns how many pushes were sent
	 */
	notify(
		this: void, username: string, registered: readonly NamedRegistration<Registration>[],
		subject: Subject | undefined,
	): number;
	/** Pushes to all registrations of the user. */
	notify_all(this: void, username: string, subject: Subject): void;
	was_pushed: PushedOnce["was_pushed"];
	is_new: PushedOnce["is_new"];
}

export function make_pusher<Registration>(push_module: PushModule<Registration>): Pusher<Registration> {
	const { module, prosody, require, registrations, sessions, rules, mark_name, push } = push_module;
	const once = pushed_once(module, prosody, require, mark_name);

	/** Notes on the sessions of a registration, if there are any, that their client was told of something important. */
	const note_notified = (username: string, identifier: string, stanza: Stanza): void => {
		for (const session of sessions.of_user(username)) {
			if (sessions.identifier_of(session) === identifier && rules.is_important(stanza, username)) {
				sessions.state_of(session).notified_of_important = true;
			}
		}
	};

	const notify: Pusher<Registration>["notify"] = (username, registered, subject) => {
		let pushes = 0;
		for (const named of registered) {
			if (subject !== undefined) {
				if (once.was_pushed(subject, username, named.identifier)) {
					module.log("debug", "Already pushed for %s@%s to %s", username, module.host, named.identifier);
					continue;
				}
				once.mark(subject, username, named.identifier);
			}
			if (push(username, named, subject)) {
				pushes++;
				if (subject !== undefined) note_notified(username, named.identifier, subject.stanza);
			}
		}
		return pushes;
	};

	return {
		...push_module,
		notify,
		notify_all: (username, subject) => {
			notify(username, registrations.all(username) ?? [], subject);
		},
		was_pushed: once.was_pushed,
		is_new: once.is_new,
	};
}
