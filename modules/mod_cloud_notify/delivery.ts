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
	/** Forgets the errors of a registration that has ended. */
	forget(this: void, username: string, identifier: string): void;
}

/**
 * Sends pushes and counts the errors in a row of each registration. Errors of type `wait` say nothing of the
 * registration and do not count, nor does silence. Counts outlive a reload of the module.
 */
export function counted_delivery(module: ModuleApi, require: Require, options: DeliveryOptions): Delivery {
	const { registrations } = options;
	const errors = require("util.error");
	const counts = module.shared<Record<string, number | undefined>>("push_error_counts");
	const key = (username: string, identifier: string): string => `${username}\n${identifier}`;

	const forget = (username: string, identifier: string): void => {
		delete counts[key(username, identifier)];
	};

	const failed = (username: string, registered: NamedRegistration, error: ErrorObject): void => {
		const { identifier } = registered;
		const name = `<${error.type}:${error.condition}:${error.text ?? ""}>`;
		if (registrations.get(username, identifier)?.jid !== registered.registration.jid) {
			module.log("debug", "Push error %s for '%s', which is not registered any more", name, identifier);
		} else if (error.type === "wait") {
			module.log("debug", "Got error %s for '%s': not counted", name, identifier);
		} else {
			const count = (counts[key(username, identifier)] ?? 0) + 1;
			counts[key(username, identifier)] = count;
			module.log("info", "Got error %s for '%s': error count is now at %d", name, identifier, count);
			if (count >= options.max_errors) {
				module.log("warn", "Disabling push notifications for '%s'", identifier);
				options.on_failed(username, registered);
			}
		}
	};

	return {
		send: (username, registered, iq) => {
			module.send_iq(iq).next(
				() => forget(username, registered.identifier),
				(reason) => {
					if (errors.is_error(reason)) {
						failed(username, registered, reason);
					} else {
						module.log("error", "Push to %s failed: %s", registered.registration.jid, reason);
					}
				},
			);
		},
		forget,
	};
}
