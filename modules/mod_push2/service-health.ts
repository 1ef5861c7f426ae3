import type { ModuleApi, Push2Registration, Require } from "../../bridge/api";
import type { Registrations } from "../push/registrations";
import { describe_addressee, type Addressee } from "./addressee";
import type { SentPush } from "./sent";

/**
 * Seconds of silence that show that a push has arrived. A service that is there answers at once; until Prosody gives
 * up a server that is not there, several addresses of it may take 20 s each, and what is then connected 90 s more.
 */
const answer_time = 300;
/** Of how many pushes to a registration silence is waited for at a time. */
const watched_pushes = 8;

/** Since when the push services of registrations have failed without a success. It is stored with the registration. */
export interface ServiceHealth {
	/** A push is being sent. */
	sent(this: void, id: string, push: SentPush): void;
	/** A push met an error, of whatever type. Returns for how many seconds its service has failed. */
	failed(this: void, id: string, push: SentPush): number;
}

/** Success is found out when the next push is sent or fails, so that no push needs a timer. */
export function watch_services(
	module: ModuleApi, require: Require, registrations: Registrations<Push2Registration>,
): ServiceHealth {
	const time = require("util.time");

	const failing_since = ({ username, identifier }: Addressee): number | undefined =>
		registrations.get(username, identifier)?.failing_since;

	/** Stored each time it changes, which takes an error one way and `answer_time` the other. */
	const set_failing_since = (addressee: Addressee, since: number | undefined): void => {
		const { username, identifier } = addressee;
		const registration = registrations.get(username, identifier);
		if (registration === undefined || registration.failing_since === since) return;
		registration.failing_since = since;
		if (!registrations.update(username, { identifier, registration })) {
			module.log("warn", "Whether the push service %s works for %s will be forgotten on a restart",
				registration.service, describe_addressee(module, addressee));
		}
	};

	/** Draws conclusions from silence. */
	const settle = (addressee: Addressee, now: number): void => {
		for (const { sent_at } of addressee.watched) {
			if (now - sent_at < answer_time) continue;
			const since = failing_since(addressee);
			if (since !== undefined && sent_at >= since) set_failing_since(addressee, undefined);
		}
		addressee.watched = addressee.watched.filter(({ sent_at }) => now - sent_at < answer_time);
	};

	return {
		sent: (id, { addressee, sent_at }) => {
			settle(addressee, sent_at);
			if (addressee.watched.length < watched_pushes) addressee.watched.push({ id, sent_at });
		},
		failed: (id, { addressee, sent_at }) => {
			const now = time.now();
			addressee.watched = addressee.watched.filter((push) => push.id !== id);
			settle(addressee, now);
			// One error for a push of long ago is not yet a long time of failure.
			const since = failing_since(addressee) ?? Math.floor(Math.max(sent_at, now - answer_time));
			set_failing_since(addressee, since);
			return now - since;
		},
	};
}
