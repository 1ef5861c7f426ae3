import type { ModuleApi, Push2Registration, Require } from "../../bridge/api";
import type { Registrations } from "../push/registrations";
import type { Addressee, SentPush, SentPushes } from "./sent";

/**
 * Seconds of silence that show that a push has arrived. A service that is there answers at once; until Prosody gives
 * up a server that is not there, several addresses of it may take 20 s each, and what is then connected 90 s more.
 */
const answer_time = 300;
/** Of how many pushes to a registration silence is waited for at a time. */
const watched_pushes = 8;

/** Since when the push services of registrations have failed without a success. It is stored with the registration. */
export interface ServiceHealth {
	/** A push was sent. */
	sent(this: void, addressee: Addressee, id: string): void;
	/** A push met an error, of whatever type. Returns for how many seconds its service has failed. */
	failed(this: void, push: SentPush): number;
}

/** Success is found out when the next push is sent or fails, so that no push needs a timer. */
export function watch_services(
	module: ModuleApi, require: Require, registrations: Registrations<Push2Registration>, pushes: SentPushes,
): ServiceHealth {
	const time = require("util.time");

	const failing_since = ({ username, identifier }: Addressee): number | undefined =>
		registrations.get(username, identifier)?.failing_since;

	/** Stored each time it changes, which takes an error one way and `answer_time` the other. */
	const set_failing_since = ({ username, identifier }: Addressee, since: number | undefined): void => {
		const registration = registrations.get(username, identifier);
		if (registration === undefined || registration.failing_since === since) return;
		registration.failing_since = since;
		if (!registrations.update(username, { identifier, registration })) {
			module.log("warn", "Whether the push service of '%s' works will be forgotten on a restart", identifier);
		}
	};

	/** Draws conclusions from silence. */
	const settle = (addressee: Addressee, now: number): void => {
		const unanswered: string[] = [];
		for (const id of addressee.watched) {
			const push = pushes.get(id);
			// One that is not remembered has met an error, or would no longer be known by it.
			if (push === undefined) continue;
			if (now - push.sent_at < answer_time) {
				unanswered.push(id);
				continue;
			}
			const since = failing_since(addressee);
			if (since !== undefined && push.sent_at >= since) set_failing_since(addressee, undefined);
		}
		addressee.watched = unanswered;
	};

	return {
		sent: (addressee, id) => {
			settle(addressee, time.now());
			if (addressee.watched.length < watched_pushes) addressee.watched.push(id);
		},
		failed: ({ addressee, sent_at }) => {
			const now = time.now();
			settle(addressee, now);
			// One error for a push of long ago is not yet a long time of failure.
			const since = failing_since(addressee) ?? Math.floor(Math.max(sent_at, now - answer_time));
			set_failing_since(addressee, since);
			return now - since;
		},
	};
}
