import type { ModuleApi, PushRegistration } from "../../bridge/api";

/** A registration and the name it goes by. */
export interface NamedRegistration {
	identifier: string;
	registration: PushRegistration;
}

/** The push registrations of all users, in a store as plain tables by identifier. */
export interface Registrations {
	/** The user's registrations, the newest first; nil if they cannot be read. */
	all(this: void, username: string): readonly NamedRegistration[] | undefined;
	get(this: void, username: string, identifier: string): PushRegistration | undefined;
	/**
	 * Stores a registration as the newest, in place of one of the same identifier, and lets go of the oldest ones
	 * above the limit.
	 * @returns what was let go of; nil if nothing was changed because reading or writing failed
	 */
	add(this: void, username: string, added: NamedRegistration): readonly NamedRegistration[] | undefined;
	/** Removes these registrations. False if nothing was changed because reading or writing failed. */
	remove(this: void, username: string, removed: readonly NamedRegistration[]): boolean;
}

/** The older of two: earlier, or named earlier where they were made in the same second. */
function is_older(a: NamedRegistration, b: NamedRegistration): boolean {
	const made_a = a.registration.timestamp ?? 0;
	const made_b = b.registration.timestamp ?? 0;
	return made_a !== made_b ? made_a < made_b : a.identifier < b.identifier;
}

/**
 * Opens the registrations kept in the module's own store.
 * @param max_devices how many registrations a user may have
 */
export function open_registrations(module: ModuleApi, max_devices: number): Registrations {
	const store = module.open_store<Record<string, PushRegistration>>();
	const users = new Map<string, NamedRegistration[]>();

	const load = (username: string): NamedRegistration[] | undefined => {
		const [stored, err] = store.get(username);
		if (stored === undefined && err !== undefined) {
			module.log("error", "Error reading push registrations of '%s': %s", username, err);
			return undefined;
		}
		const loaded: NamedRegistration[] = [];
		if (stored !== undefined) {
			for (const identifier in stored) {
				loaded.push({ identifier, registration: stored[identifier]! });
			}
		}
		loaded.sort((a, b) => (is_older(b, a) ? -1 : 1));
		return loaded.slice(0, max_devices);
	};

	const all = (username: string): NamedRegistration[] | undefined => {
		let registered = users.get(username);
		if (registered === undefined) {
			registered = load(username);
			// What cannot be read now may be readable later, and must not be overwritten meanwhile.
			if (registered !== undefined) users.set(username, registered);
		}
		return registered;
	};

	/** Memory follows what is stored, so that a failed write changes nothing. */
	const replace = (username: string, registered: NamedRegistration[]): boolean => {
		const data: Record<string, PushRegistration> = {};
		for (const { identifier, registration } of registered) {
			data[identifier] = registration;
		}
		const [ok, err] = store.set(username, data);
		if (ok !== true) {
			module.log("error", "Error writing push registrations of '%s': %s", username, err);
			return false;
		}
		users.set(username, registered);
		return true;
	};

	// Whoever has the name next is someone else. The stored registrations go with all that the account had stored.
	module.hook_global("user-deleted", ({ username, host }) => {
		if (host === module.host) users.delete(username);
		return undefined;
	});

	return {
		all,
		get: (username, identifier) =>
			(all(username) ?? []).find((registered) => registered.identifier === identifier)?.registration,
		add: (username, added) => {
			const before = all(username);
			if (before === undefined) return undefined;
			const others = before.filter((registered) => registered.identifier !== added.identifier);
			const registered = [added, ...others];
			if (!replace(username, registered.slice(0, max_devices))) return undefined;
			return registered.slice(max_devices);
		},
		remove: (username, removed) => {
			const before = all(username);
			if (before === undefined) return false;
			return replace(username, before.filter((registered) => !removed.includes(registered)));
		},
	};
}
