import type { ErrorObject, ModuleApi, Require, Stanza } from "../../bridge/api";
import type { NamedRegistration, Registrations } from "../push/registrations";

export interface DeliveryOptions {
	registrations: Registrations;
	/** `push_max_errors` */
	max_errors: number;
	/** Called for a registration that has had its last error. */
	on_failed: (this: void, username: string, failed: NamedRegistration) => void;
}

export interface Delivery {
	/** Sends a push; its answer counts for or against the registration. */
	send(this: void, username: string, registered: NamedRegistration, iq: Stanza): void;
	/** Forgets a registration that has ended: its errors, and answers that are still to come. */
	forget(this: void, username: string, identifier: string): void;
}

/** The errors in a row of a registration. */
interface Tally {
	errors: number;
}

/**
 * Sends pushes and counts the errors in a row of each registration. Errors of type `wait` say nothing of the
 * registration and do not count, nor does silence. Counts outlive a reload of the module.
 */
export function counted_delivery(module: ModuleApi, require: Require, options: DeliveryOptions): Delivery {
	const { registrations } = options;
	const errors = require("util.error");
	const tallies = module.shared<Record<string, Tally | undefined>>("push_error_tallies");
	const key = (username: string, identifier: string): string => `${username}\n${identifier}`;

	const forget = (username: string, identifier: string): void => {
		delete tallies[key(username, identifier)];
	};

	const failed = (username: string, registered: NamedRegistration, tally: Tally, error: ErrorObject): void => {
		const { identifier } = registered;
		const name = `<${error.type}:${error.condition}:${error.text ?? ""}>`;
		// It may have ended since, and been made again, which begins anew.
		if (tallies[key(username, identifier)] !== tally) {
			module.log("debug", "Got error %s for '%s', which has ended", name, identifier);
		} else if (registrations.get(username, identifier) === undefined) {
			module.log("debug", "Got error %s for '%s', which is not registered", name, identifier);
			forget(username, identifier);
		} else if (error.type === "wait") {
			module.log("debug", "Got error %s for '%s': not counted", name, identifier);
		} else {
			tally.errors++;
			module.log("info", "Got error %s for '%s': error count is now at %d", name, identifier, tally.errors);
			if (tally.errors >= options.max_errors) {
				module.log("warn", "Disabling push notifications for '%s'", identifier);
				forget(username, identifier);
				options.on_failed(username, registered);
			}
		}
	};

	return {
		send: (username, registered, iq) => {
			const name = key(username, registered.identifier);
			const known = tallies[name];
			const tally = known ?? { errors: 0 };
			if (known === undefined) tallies[name] = tally;
			const rejected = (reason: unknown): void => {
				if (errors.is_error(reason)) {
					failed(username, registered, tally, reason);
				} else {
					module.log("error", "Push to %s failed: %s", registered.registration.jid, reason);
				}
			};
			module.send_iq(iq).next(({ stanza }) => {
				// What this server itself answers, for its accounts and components, resolves the promise whatever it says.
				if (stanza.attr.type === "error") {
					rejected(errors.from_stanza(stanza));
				} else {
					tally.errors = 0;
				}
			}, rejected);
		},
		forget,
	};
}
