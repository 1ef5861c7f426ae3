/** A message as it is stored: text, so that it outlives the host that stored it. */
export interface StoredMessage {
	id: string;
	/** Seconds since the epoch. */
	when: number;
	/** The bare JID of the other side; "" in the offline store. */
	with: string;
	xml: string;
}

/** Who gets archived (XEP-0441): always, never, or contacts only; exceptions by bare JID. */
export interface ArchivePreferences {
	default?: "always" | "never" | "roster";
	rules: Map<string, boolean>;
}

/**
 * What the simulated server keeps of an account while nobody is connected. The contacts are not among it: they are in
 * the host's `roster` store.
 */
export interface Account {
	/** Message archive (XEP-0313), oldest first. */
	archive: StoredMessage[];
	archive_preferences?: ArchivePreferences;
	/** Offline messages (XEP-0160), oldest first. */
	offline: StoredMessage[];
	/** Subscription requests to be answered: the presence as text, by bare JID. */
	pending: Map<string, string>;
	/** Counts changes of the roster (RFC 6121, 2.6). */
	roster_version: number;
	/** Streams that were not resumed in time (XEP-0198), by token: stanzas handled, and when it ended. */
	ended_streams: Map<string, { h: number; t: number }>;
}

/** The accounts of `localhost`: what a restart of the server leaves untouched. */
export interface Accounts {
	/** By user name. */
	readonly by_name: Map<string, Account>;
	exists(username: string): boolean;
	/** The account, made if there is none. */
	register(username: string): Account;
}

/** @param usernames accounts that exist from the start; others come to be when somebody logs in */
export function createAccounts(usernames: Iterable<string> = []): Accounts {
	const by_name = new Map<string, Account>();
	const accounts: Accounts = {
		by_name,
		exists: (username) => by_name.has(username),
		register(username) {
			let account = by_name.get(username);
			if (!account) {
				account = { archive: [], offline: [], pending: new Map(), roster_version: 0, ended_streams: new Map() };
				by_name.set(username, account);
			}
			return account;
		},
	};
	for (const username of usernames) accounts.register(username);
	return accounts;
}
