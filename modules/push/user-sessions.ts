import type { ModuleApi, Prosody, Session } from "../../bridge/api";

/** The sessions of a user of the module's host, connected or hibernating. */
export function sessions_of(module: ModuleApi, prosody: Prosody, username: string): Session[] {
	const user = prosody.hosts[module.host]?.sessions[username];
	const sessions: Session[] = [];
	if (user !== undefined) {
		for (const resource in user.sessions) sessions.push(user.sessions[resource]!);
	}
	return sessions;
}
