import type { ModuleApi, Stanza } from "../../bridge/api";
import { account_of } from "../push/account";

/** A push that can be sent again. */
export interface Push {
	message: Stanza;
	/** When it was sent for the first time, in seconds since the epoch. */
	first_sent_at: number;
	/** How often it was sent again. */
	retries: number;
}

/** A push that shows whether a service works. */
export interface WatchedPush {
	id: string;
	/** In seconds since the epoch. */
	sent_at: number;
}

/** A registration as long as it is the same one, and what is known of the pushes to it. */
export interface Addressee {
	username: string;
	identifier: string;
	/** The push that was sent last, with the id of its message, while an error of it is a reason to send it again. */
	last?: { id: string; push: Push };
	/** Those that have met no error, the oldest first. */
	watched: WatchedPush[];
}

/** Whose registration it is, for the log. */
export function describe_addressee(module: ModuleApi, { username, identifier }: Addressee): string {
	return `${account_of(module, username)} ('${identifier}')`;
}
