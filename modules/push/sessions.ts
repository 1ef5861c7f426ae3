import type { ModuleApi, Prosody, PushState, Session } from "../../bridge/api";
import type { Hibernation } from "./hibernation";
import { sessions_of } from "./user-sessions";

/** Where a session says which of the module's registrations was made on it. */
export interface RegistrationField {
	/** The identifier of the registration; nil if none was made. */
	read(this: void, session: Session): string | undefined;
	clear(this: void, session: Session): void;
}

/** The sessions of the module's host, as a push module sees them. */
export interface PushSessions {
	/** The sessions of a user, connected or hibernating. */
	of_user(this: void, username: string): Session[];
	/** The registration that was made on a session. */
	identifier_of(this: void, session: Session): string | undefined;
	/** What the module remembers of a session. */
	state_of(this: void, session: Session): PushState;
	/** The sessions of all users. */
	all(this: void): Session[];
	/**
	 * Makes sessions on which a registration was made, and which has ended, sessions with none.
	 * @param except on which it was made anew
	 */
	forget_registration(this: void, username: string, identifier: string, except?: Session): void;
	/** Gives sessions that hibernate already more time: a reload is no reason for one to end sooner. */
	extend_hibernating(this: void): void;
	/** Leaves all sessions as they are without the module; their registrations stay. For `module.unload`. */
	release_all(this: void): void;
}

/** Drops what a session has gathered. */
export function stop_gathering(state: PushState): void {
	state.timer?.stop();
	state.timer = undefined;
	state.queue = undefined;
}

export function push_sessions(
	module: ModuleApi, prosody: Prosody, hibernation: Hibernation, field: RegistrationField,
): PushSessions {
	const of_user = (username: string): Session[] => sessions_of(module, prosody, username);

	const state_of = (session: Session): PushState => {
		session.push_states ??= {};
		const known = session.push_states[module.name];
		if (known !== undefined) return known;
		const state: PushState = {};
		session.push_states[module.name] = state;
		return state;
	};

	const all = (): Session[] => {
		const users = prosody.hosts[module.host]?.sessions;
		const sessions: Session[] = [];
		if (users !== undefined) {
			for (const username in users) sessions.push(...of_user(username));
		}
		return sessions;
	};

	/** Undoes what the module does to a session while it hibernates or is about to be notified. */
	const release = (session: Session): void => {
		const state = session.push_states?.[module.name];
		if (state !== undefined) {
			stop_gathering(state);
			session.push_states![module.name] = undefined;
		}
		if (field.read(session) === undefined) return;
		hibernation.let_go(session);
		session.first_hibernated_push = undefined;
	};

	return {
		of_user,
		identifier_of: field.read,
		state_of,
		all,
		forget_registration: (username, identifier, except) => {
			for (const session of of_user(username)) {
				if (session !== except && field.read(session) === identifier) {
					release(session);
					field.clear(session);
				}
			}
		},
		extend_hibernating: () => {
			for (const session of all()) {
				if (session.hibernating !== undefined && field.read(session) !== undefined) hibernation.extend(session);
			}
		},
		release_all: () => {
			for (const session of all()) release(session);
		},
	};
}
