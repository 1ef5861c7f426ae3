import type { ModuleApi, PushRegistration, Require, Stanza } from "../../bridge/api";
import { answered_requests } from "../push/answers";
import { registration_key, type NamedRegistration, type Registrations } from "../push/registrations";

export interface DeliveryOptions {
	registrations: Registrations<PushRegistration>;
	/** `push_max_errors` */
	max_errors: number;
	/** Called for a registration that has had its last error. */
	on_failed: (this: void, username: string, identifier: string) => void;
}

export interface Delivery {
	/** Sends a push; its answer counts for or against the registration. */
	send(this: void, username: string, registered: NamedRegistration<PushRegistration>, iq: Stanza): void;
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
	const send_request = answered_requests(module, require("util.cache"));
	const tallies = module.shared<Record<string, Tally | undefined>>("push_error_tallies");

	const forget = (username: string, identifier: string): void => {
		delete tallies[registration_key(username, identifier)];
	};

	const failed = (username: string, identifier: string, tally: Tally, answer: Stanza): void => {
		const [type, condition, text] = answer.get_error();
		const name = `<${type ?? ""}:${condition ?? ""}:${text ?? ""}>`;
		// It may have ended since, and been made again, which begins anew.
		if (tallies[registration_key(username, identifier)] !== tally) {
			module.log("debug", "Got error %s for '%s', which has ended", name, identifier);
		} else if (registrations.get(username, identifier) === undefined) {
			module.log("debug", "Got error %s for '%s', which is not registered", name, identifier);
			forget(username, identifier);
		} else if (type === "wait") {
			module.log("debug", "Got error %s for '%s': not counted", name, identifier);
		} else {
			tally.errors++;
			module.log("info", "Got error %s for '%s': error count is now at %d", name, identifier, tally.errors);
			if (tally.errors >= options.max_errors) {
				module.log("warn", "Disabling push notifications for '%s'", identifier);
				forget(username, identifier);
				options.on_failed(username, identifier);
			}
		}
	};

	return {
		send: (username, registered, iq) => {
			const name = registration_key(username, registered.identifier);
			const known = tallies[name];
			const tally = known ?? { errors: 0 };
			if (known === undefined) tallies[name] = tally;
			send_request(iq, (answer) => {
				if (answer.attr.type === "error") {
					failed(username, registered.identifier, tally, answer);
				} else {
					tally.errors = 0;
				}
			});
		},
		forget,
	};
}
