import type { ModuleApi, Require } from "../../bridge/api";
import { get_number } from "./options";
import { table_maker } from "./tables";

/** What a registration of any push module has. */
export interface Dated {
	/** When it was made, in seconds since the epoch. */
	timestamp?: number;
}

/** A registration and the name it goes by. */
export interface NamedRegistration<Registration> {
	identifier: string;
	registration: Registration;
}

/** The push registrations of all users, in a store as plain tables by identifier. */
export interface Registrations<Registration> {
	/** The user's registrations, the newest first; nil if they cannot be read. */
	all(this: void, username: string): readonly NamedRegistration<Registration>[] | undefined;
	get(this: void, username: string, identifier: string): Registration | undefined;
	/**
	 * Stores a registration as the newest, in place of one of the same identifier, and lets go of the oldest ones
	 * above the limit.
	 * @returns what was let go of; nil if nothing was changed because reading or writing failed
	 */
	add(
		this: void, username: string, added: NamedRegistration<Registration>,
	): readonly NamedRegistration<Registration>[] | undefined;
	/** Stores a registration anew after it was changed. False if writing failed, or there is none of that name. */
	update(this: void, username: string, changed: NamedRegistration<Registration>): boolean;
	/** Removes the registrations of these names. False if nothing was changed because reading or writing failed. */
	remove(this: void, username: string, identifiers: readonly string[]): boolean;
}

/** A key for what there is one of for each registration of a host. */
export function registration_key(username: string, identifier: string): string {
	return `${username}\n${identifier}`;
}

/** The older of two: earlier, or named earlier where they were made in the same second. */
function is_older(a: NamedRegistration<Dated>, b: NamedRegistration<Dated>): boolean {
	const made_a = a.registration.timestamp ?? 0;
	const made_b = b.registration.timestamp ?? 0;
	return made_a !== made_b ? made_a < made_b : a.identifier < b.identifier;
}

/** Users whose registrations are kept in memory. */
const remembered_users = 100_000;

const default_max_devices = 5;

/** `push_max_devices`: at least one device, since with room for none nobody could register. */
function get_max_devices(module: ModuleApi): number {
	const max_devices = Math.floor(get_number(module, "push_max_devices", default_max_devices));
	if (max_devices >= 1) return max_devices;
	module.log("error", "Config option 'push_max_devices' must be 1 or more, not %d; using %d",
		max_devices, default_max_devices);
	return default_max_devices;
}

/** Whether what is stored under an identifier is a registration that the module can use. */
export type UsableRegistration<Registration> = (
	this: void, stored: unknown, identifier: string,
) => stored is Registration;

/**
 * Opens the registrations kept in a store, of which a user may have `push_max_devices`.
 * @param store_name that of the module unless given
 * @param is_usable what is not is passed over, and gone once something is written; all is usable unless given
 */
export function open_registrations<Registration extends Dated>(
	module: ModuleApi, require: Require, store_name?: string, is_usable?: UsableRegistration<Registration>,
): Registrations<Registration> {
	type Named = NamedRegistration<Registration>;
	const max_devices = get_max_devices(module);
	const store = module.open_store<Record<string, Registration | undefined>>(store_name);
	const new_table = table_maker(require);
	let users = new Map<string, Named[]>();
	let user_count = 0;

	const remember = (username: string, registered: Named[]): void => {
		if (!users.has(username)) {
			// To know who was pushed to longest ago would cost more than to read all again.
			if (user_count === remembered_users) {
				users = new Map<string, Named[]>();
				user_count = 0;
			}
			user_count++;
		}
		users.set(username, registered);
	};

	/** What of a user's data can be used, in no order. */
	const usable = (username: string, stored: Record<string, Registration | undefined>): Named[] => {
		const found: Named[] = [];
		let passed_over = 0;
		for (const identifier in stored) {
			const registration = stored[identifier]!;
			if (is_usable === undefined || is_usable(registration, identifier)) found.push({ identifier, registration });
			else passed_over++;
		}
		if (passed_over > 0) {
			module.log("info", "Passed over %d push registrations of '%s' that cannot be used", passed_over, username);
		}
		return found;
	};

	const load = (username: string): Named[] | undefined => {
		const [stored, err] = store.get(username);
		if (err !== undefined) {
			module.log("error", "Error reading push registrations of '%s': %s", username, err);
			return undefined;
		}
		// Others may have written to it: what is no table has no registrations.
		const loaded = typeof stored === "object" ? usable(username, stored) : [];
		loaded.sort((a, b) => (is_older(b, a) ? -1 : 1));
		return loaded.slice(0, max_devices);
	};

	const all = (username: string): Named[] | undefined => {
		let registered = users.get(username);
		if (registered === undefined) {
			registered = load(username);
			// What cannot be read now may be readable later, and must not be overwritten meanwhile.
			if (registered !== undefined) remember(username, registered);
		}
		return registered;
	};

	/** Memory follows what is stored, so that a failed write changes nothing. */
	const replace = (username: string, registered: Named[]): boolean => {
		const data = new_table<Registration>();
		for (const { identifier, registration } of registered) {
			data[identifier] = registration;
		}
		const [ok, err] = store.set(username, data);
		if (ok !== true) {
			module.log("error", "Error writing push registrations of '%s': %s", username, err);
			return false;
		}
		remember(username, registered);
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
		update: (username, changed) => {
			const before = all(username) ?? [];
			if (!before.some((registered) => registered.identifier === changed.identifier)) return false;
			return replace(username, before.map((registered) => {
				return registered.identifier === changed.identifier ? changed : registered;
			}));
		},
		remove: (username, identifiers) => {
			const before = all(username);
			if (before === undefined) return false;
			return replace(username, before.filter(({ identifier }) => !identifiers.includes(identifier)));
		},
	};
}
