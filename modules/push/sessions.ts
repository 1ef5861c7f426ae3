import type { ModuleApi, Prosody, Session } from "../../bridge/api";

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
export function all_sessions(module: ModuleApi, prosody: Prosody): Session[] {
	const users = prosody.hosts[module.host]?.sessions;
	const sessions: Session[] = [];
	if (users !== undefined) {
		for (const username in users) {
			sessions.push(...sessions_of(module, prosody, username));
		}
	}
	return sessions;
}
