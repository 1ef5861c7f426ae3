import type { ModuleApi } from "../../bridge/api";

/** The bare JID of a user of the module's host. */
export function account_of(module: ModuleApi, username: string): string {
	return `${username}@${module.host}`;
}
