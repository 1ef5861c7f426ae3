import type { ModuleApi, Prosody, Session } from "../../bridge/api";
import type { Hibernation } from "./hibernation";
import { stop_gathering } from "./queue";

/** The sessions of a user on the module's host, connected or hibernating. */
export function sessions_of(module: ModuleApi, prosody: Prosody, username: string): Session[] {
	const user = prosody.hosts[module.host]?.sessions[username];
	const sessions: Session[] = [];
	if (user !== undefined) {
		for (const resource in user.sessions) {
			sessions.push(user.sessions[resource]!);
		}
	}
	return sessions;
}

/** All sessions on the module's host. */
function all_sessions(module: ModuleApi, prosody: Prosody): Session[] {
	const users = prosody.hosts[module.host]?.sessions;
	const sessions: Session[] = [];
	if (users !== undefined) {
		for (const username in users) {
			sessions.push(...sessions_of(module, prosody, username));
		}
	}
	return sessions;
}

/** Undoes what push does to a session while it hibernates or is about to be notified. */
function release_session(session: Session, hibernation: Hibernation): void {
	stop_gathering(session);
	hibernation.restore(session);
	session.first_hibernated_push = undefined;
	session.notified_of_important = undefined;
}

/** Makes sessions on which a registration was made, and which has ended, sessions with none. */
export function forget_registration(
	module: ModuleApi, prosody: Prosody, hibernation: Hibernation, username: string, identifier: string,
): void {
	for (const session of sessions_of(module, prosody, username)) {
		if (session.push_identifier === identifier) {
			release_session(session, hibernation);
			session.push_identifier = undefined;
			session.push_settings = undefined;
		}
	}
}

/** Leaves all sessions as they are without push; their registrations stay. For `module.unload`. */
export function release_sessions(module: ModuleApi, prosody: Prosody, hibernation: Hibernation): void {
	for (const session of all_sessions(module, prosody)) release_session(session, hibernation);
}
