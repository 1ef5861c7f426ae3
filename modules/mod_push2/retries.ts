import type { Cache, ModuleApi, Require, Timer } from "../../bridge/api";
import { doubling_backoff } from "../push/backoff";
import { registration_key } from "../push/registrations";
import { describe_addressee, type Addressee, type Push } from "./addressee";

/** How many registrations may have a push that waits; the one that waits longest is given up then. */
const waiting_pushes = 1000;

export interface RetryOptions {
	/** `push2_max_retries` */
	max_retries: number;
	/** `push2_retry_delay`: seconds before the first retry, 1 or more. */
	retry_delay: number;
	/** `push2_max_retry_age`: seconds after which a push is not sent again. */
	max_retry_age: number;
}

/** Pushes that are to be sent again: of each registration only the one that was sent last. */
export interface Retries {
	/** Sends the push again after a while, if it may be. */
	add(this: void, addressee: Addressee, push: Push): void;
	/** Lets go of the push that waits for this registration. */
	cancel(this: void, addressee: Addressee): void;
}

interface Waiting {
	addressee: Addressee;
	push: Push;
	/** Seconds since the epoch. */
	due_at: number;
}

/**
 * Waits longer before each retry of a push. What waits outlives a reload of the module.
 * @param send_again gets what is due
 */
export function retry_pushes(
	module: ModuleApi, require: Require, options: RetryOptions,
	send_again: (this: void, addressee: Addressee, push: Push) => void,
): Retries {
	const time = require("util.time");
	const delay_before = doubling_backoff(require, options.retry_delay);
	const timers = new Map<string, Timer>();

	const key_of = ({ username, identifier }: Addressee): string => registration_key(username, identifier);

	const stop_timer = (key: string): void => {
		timers.get(key)?.stop();
		timers.delete(key);
	};

	// Made anew by each instance of the module, whose own function is in it.
	const shared = module.shared<{ waiting?: Cache<Waiting> }>("retries");
	const waiting = require("util.cache").new<Waiting>(waiting_pushes, (key, { addressee }) => {
		module.log("debug", "Too many pushes wait: not retrying the one for %s", describe_addressee(module, addressee));
		stop_timer(key);
		return true;
	});

	const is_too_old = (push: Push, at: number): boolean => at - push.first_sent_at > options.max_retry_age;

	const wait = (entry: Waiting): void => {
		const { addressee, push, due_at } = entry;
		const key = key_of(addressee);
		waiting.set(key, entry);
		timers.set(key, module.add_timer(Math.max(due_at - time.now(), 0), () => {
			timers.delete(key);
			waiting.set(key, undefined);
			// While the module was not loaded nothing was sent.
			if (!is_too_old(push, time.now())) send_again(addressee, push);
			return undefined;
		}));
	};

	if (shared.waiting !== undefined) {
		const newest_first: Waiting[] = [];
		for (const [, entry] of shared.waiting.items()) newest_first.push(entry);
		for (const entry of newest_first.reverse()) wait(entry);
	}
	shared.waiting = waiting;

	return {
		add: (addressee, push) => {
			const whom = describe_addressee(module, addressee);
			const delay = delay_before(push.retries);
			const due_at = time.now() + delay;
			if (push.retries >= options.max_retries) {
				module.log("debug", "Not retrying a push for %s that was sent %d times", whom, push.retries + 1);
			} else if (is_too_old(push, due_at)) {
				module.log("debug", "Not retrying a push for %s that would be too old then", whom);
			} else {
				module.log("debug", "Retrying a push for %s in %d seconds", whom, Math.floor(delay));
				wait({ addressee, push, due_at });
			}
		},
		cancel: (addressee) => {
			const key = key_of(addressee);
			stop_timer(key);
			waiting.set(key, undefined);
		},
	};
}
