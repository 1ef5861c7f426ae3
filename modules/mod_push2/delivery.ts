import type { ModuleApi, Push2Registration, Require, Stanza } from "../../bridge/api";
import type { NamedRegistration, Registrations } from "../push/registrations";
import { retry_pushes, type RetryOptions } from "./retries";
import { remember_sent, type Addressee, type SentPush } from "./sent";
import { watch_services } from "./service-health";

/** Bytes of a text from outside that are worth a line in the log. */
const longest_text = 200;

export interface DeliveryOptions extends RetryOptions {
	registrations: Registrations<Push2Registration>;
	/** `push2_disable_after`: seconds for which a service may fail without a success. */
	disable_after: number;
	/** Called for a registration whose service has failed for too long. */
	on_failed: (this: void, username: string, identifier: string) => void;
}

export interface Delivery {
	/** Sends a push, in place of one that waits to be sent again. The message needs an id of its own. */
	send(
		this: void, username: string, registered: NamedRegistration<Push2Registration>, message: Stanza,
	): void;
	/** Forgets a registration that has ended or was made anew: what waits, and errors that are still to come. */
	forget(this: void, username: string, identifier: string): void;
}

/**
 * Sends pushes, and heeds the errors that they meet (Push 2.0, "Transient delivery errors"): those of type `wait` are
 * retried, and a service that does nothing but fail is given up. All that is known outlives a reload of the module.
 */
export function retrying_delivery(module: ModuleApi, require: Require, options: DeliveryOptions): Delivery {
	const { registrations } = options;
	const st = require("util.stanza");
	const time = require("util.time");
	const uuid = require("util.uuid");
	const { utf8 } = require("util.encodings");
	const addressees = module.shared<Record<string, Addressee | undefined>>("addressees");

	const name_of = (username: string, identifier: string): string => `${username}\n${identifier}`;

	const loggable = (text: string | undefined): string => {
		if (text === undefined) return "";
		return (utf8.length(text) ?? longest_text + 1) <= longest_text ? text : "[long]";
	};

	const forget = (username: string, identifier: string): void => {
		const name = name_of(username, identifier);
		const addressee = addressees[name];
		if (addressee === undefined) return;
		retries.cancel(addressee);
		delete addressees[name];
	};

	const pushes = remember_sent(module, require, (id, push, error) => {
		const { addressee } = push;
		const { username, identifier } = addressee;
		const [type, condition, text] = error.get_error();
		const name = `<${loggable(type)}:${loggable(condition)}:${loggable(text)}>`;
		// It may have ended since, and been made again, which begins anew.
		if (addressees[name_of(username, identifier)] !== addressee) {
			module.log("debug", "Got error %s for '%s', which has ended", name, identifier);
		} else if (registrations.get(username, identifier) === undefined) {
			module.log("debug", "Got error %s for '%s', which is not registered", name, identifier);
			forget(username, identifier);
		} else {
			module.log("info", "Got error %s for '%s'", name, identifier);
			const failed_for = health.failed(push);
			if (failed_for >= options.disable_after) {
				module.log("warn", "Disabling push notifications for '%s': errors for %d hours and nothing else",
					identifier, Math.floor(failed_for / 3600));
				forget(username, identifier);
				options.on_failed(username, identifier);
			} else if (type === "wait" && addressee.last === id) {
				retries.add(push);
			}
		}
	});

	const health = watch_services(module, require, registrations, pushes);

	const send = (push: SentPush): void => {
		const id = push.message.attr.id;
		if (id !== undefined) {
			push.addressee.last = id;
			pushes.remember(id, push);
			health.sent(push.addressee, id);
		}
		module.send(push.message);
	};

	const retries = retry_pushes(module, require, options, (push) => {
		const { username, identifier } = push.addressee;
		if (registrations.get(username, identifier) === undefined) {
			forget(username, identifier);
			return;
		}
		const message = st.clone(push.message);
		message.attr.id = uuid.generate();
		send({ ...push, message, sent_at: time.now(), retries: push.retries + 1 });
	});

	// Whoever has the name next is someone else.
	module.hook_global("user-deleted", ({ username, host }) => {
		if (host !== module.host) return undefined;
		for (const name in addressees) {
			const identifier = addressees[name]!.identifier;
			if (addressees[name]!.username === username) forget(username, identifier);
		}
		return undefined;
	});

	return {
		send: (username, { identifier }, message) => {
			const name = name_of(username, identifier);
			const addressee = addressees[name] ?? { username, identifier, watched: [] };
			addressees[name] = addressee;
			retries.cancel(addressee);
			const now = time.now();
			send({ addressee, message, sent_at: now, first_sent_at: now, retries: 0 });
		},
		forget,
	};
}
