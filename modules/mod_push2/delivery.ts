import type { ModuleApi, Push2Registration, Require, Stanza } from "../../bridge/api";
import { registration_key, type NamedRegistration, type Registrations } from "../push/registrations";
import { describe_addressee, type Addressee, type Push } from "./addressee";
import { loggable_text } from "../push/text/loggable";
import { retry_pushes, type RetryOptions } from "./retries";
import { remember_sent } from "./sent";
import { watch_services } from "./service-health";

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
	/** The client has what its last push was about: that is not sent again. */
	client_is_back(this: void, username: string, identifier: string): void;
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
	const loggable = loggable_text(require);
	const addressees = module.shared<Record<string, Addressee | undefined>>("addressees");

	const addressee_of = (username: string, identifier: string): Addressee | undefined =>
		addressees[registration_key(username, identifier)];

	const client_is_back = (username: string, identifier: string): void => {
		const addressee = addressee_of(username, identifier);
		if (addressee === undefined) return;
		retries.cancel(addressee);
		addressee.last = undefined;
	};

	const forget = (username: string, identifier: string): void => {
		client_is_back(username, identifier);
		delete addressees[registration_key(username, identifier)];
	};

	const health = watch_services(module, require, registrations);

	const pushes = remember_sent(module, require, (id, sent, error) => {
		const { addressee, service } = sent;
		const { username, identifier } = addressee;
		const whom = describe_addressee(module, addressee);
		const [type, condition, text] = error.get_error();
		const name = `<${loggable(type)}:${loggable(condition)}:${loggable(text)}>`;
		// It may have ended since, and been made again, which begins anew.
		if (addressee_of(username, identifier) !== addressee) {
			module.log("debug", "Got error %s from %s for %s, which has ended", name, service, whom);
			return;
		}
		if (registrations.get(username, identifier) === undefined) {
			module.log("debug", "Got error %s from %s for %s, which is not registered", name, service, whom);
			forget(username, identifier);
			return;
		}
		module.log("info", "Got error %s from %s for %s", name, service, whom);
		const failed_for = health.failed(id, sent);
		if (failed_for >= options.disable_after) {
			module.log("warn", "Disabling push notifications for %s: errors from %s for %d hours and nothing else",
				whom, service, Math.floor(failed_for / 3600));
			forget(username, identifier);
			options.on_failed(username, identifier);
			return;
		}
		const { last } = addressee;
		if (last?.id !== id) return;
		addressee.last = undefined;
		if (type === "wait") retries.add(addressee, last.push);
	});

	const send = (addressee: Addressee, push: Push): void => {
		const { id, to } = push.message.attr;
		if (id !== undefined) {
			const sent = { addressee, service: to, sent_at: time.now() };
			addressee.last = { id, push };
			health.sent(id, sent);
			pushes.remember(id, sent);
		}
		module.send(push.message);
	};

	const retries = retry_pushes(module, require, options, (addressee, push) => {
		const { username, identifier } = addressee;
		if (registrations.get(username, identifier) === undefined) {
			forget(username, identifier);
			return;
		}
		const message = st.clone(push.message);
		message.attr.id = uuid.generate();
		send(addressee, { ...push, message, retries: push.retries + 1 });
	});

	// Whoever has the name next is someone else.
	module.hook_global("user-deleted", ({ username, host }) => {
		if (host !== module.host) return undefined;
		for (const key in addressees) {
			const identifier = addressees[key]!.identifier;
			if (addressees[key]!.username === username) forget(username, identifier);
		}
		return undefined;
	});

	return {
		send: (username, { identifier }, message) => {
			const key = registration_key(username, identifier);
			const addressee = addressees[key] ?? { username, identifier, watched: [] };
			addressees[key] = addressee;
			retries.cancel(addressee);
			send(addressee, { message, first_sent_at: time.now(), retries: 0 });
		},
		client_is_back,
		forget,
	};
}
