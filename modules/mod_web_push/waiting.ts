import type { LogLevel, ModuleApi, Require } from "../../bridge/api";
import { describe_addressee, type Addressee, type Push } from "./addressee";
import { append, first_of, new_fifo, take_out, type Fifo } from "./fifo";
import { kept_in } from "./memory";
import type { WebPushMessage } from "./message";

/** How many pushes are held for all registrations, those under way included; some 10 KB each, at the very most. */
const held_pushes = 10_000;
/** How many wait for one registration that have a topic, and how many that have none. */
const waiting_with_topic = 16;
const waiting_without_topic = 8;
/** Seconds for which a push may wait to be sent for the first time, however soon it gets old. */
const shortest_life = 60;

export interface WaitingOptions {
	/** `web_push_max_retries` */
	max_retries: number;
	/** `web_push_max_retry_age`: seconds after which a push is not sent again. */
	max_retry_age: number;
	/** Called for a registration for which nothing waits any more, and nothing is under way. */
	on_empty: (this: void, addressee: Addressee) => void;
}

/**
 * The pushes that wait, or are under way. A newer one takes the place of one with its topic that waits. Those that are let
 * go of unsent are logged: what they were about is in the archive.
 */
export interface WaitingPushes {
	add(this: void, addressee: Addressee, message: WebPushMessage): void;
	/** Takes out the push to be sent next: an urgent one, and of these the one that is too old first. Nil if there is none. */
	take(this: void, addressee: Addressee): Push | undefined;
	/** A push is to be sent once more, as if it had not been. */
	put_back(this: void, push: Push): void;
	/** A push was sent in vain, and may be sent again from then on, if it may be sent again at all. */
	retry(this: void, push: Push, at: number): void;
	/** A push that is or was under way is not to be sent again. */
	done(this: void, push: Push): void;
	/** Lets go of a push. */
	drop(this: void, push: Push, why: string): void;
	/** Lets go of what has got too old. */
	expire(this: void, addressee: Addressee): void;
	/** Whether there is any. */
	hold_any(this: void): boolean;
}

function goes_before(a: Push, b: Push): boolean {
	const a_is_urgent = a.message.urgency === "high";
	const b_is_urgent = b.message.urgency === "high";
	return a_is_urgent !== b_is_urgent ? a_is_urgent : a.expires_at < b.expires_at;
}

/** What waits outlives a reload of the module. */
export function waiting_pushes(module: ModuleApi, require: Require, options: WaitingOptions): WaitingPushes {
	const { max_retries, max_retry_age, on_empty } = options;
	const time = require("util.time");
	const shared = module.shared<{ held?: Fifo<Push> }>(kept_in);
	shared.held ??= new_fifo<Push>();
	const held = shared.held;

	/** How long a push may be sent: nobody wants it later than its service may deliver it. */
	const life_of = ({ ttl }: WebPushMessage): number => Math.min(ttl, max_retry_age);

	const let_go = (push: Push): void => {
		if (push.number !== undefined) take_out(held, push.number);
		push.number = undefined;
	};

	const drop = (push: Push, why: string, level: LogLevel = "debug"): void => {
		const { addressee } = push;
		module.log(level, "Dropping a push for %s: %s", describe_addressee(module, addressee), why);
		let_go(push);
		addressee.waiting = addressee.waiting.filter((other) => other !== push);
		if (addressee.waiting.length === 0 && addressee.sending === undefined) on_empty(addressee);
	};

	/** Lets go of the oldest of those that are too many. */
	const keep_few = ({ waiting }: Addressee): void => {
		const with_topic = waiting.filter(({ message }) => message.topic !== undefined);
		const without_topic = waiting.filter(({ message }) => message.topic === undefined);
		if (with_topic.length > waiting_with_topic) drop(with_topic[0]!, "too many wait for it");
		if (without_topic.length > waiting_without_topic) drop(without_topic[0]!, "too many wait for it");
	};

	const put_back = (push: Push): void => {
		const { addressee, message } = push;
		// It was let go of while it was under way.
		if (push.number === undefined) return;
		if (message.topic !== undefined && addressee.waiting.some((other) => other.message.topic === message.topic)) {
			drop(push, "a newer one takes its place");
			return;
		}
		addressee.waiting = [push, ...addressee.waiting];
		keep_few(addressee);
	};

	return {
		add: (addressee, message) => {
			const now = time.monotonic();
			const push: Push = {
				addressee,
				message,
				payload: message.payload,
				queued_at: now,
				expires_at: now + Math.max(life_of(message), shortest_life),
				tries: 0,
			};
			const { topic } = message;
			const replaced = addressee.waiting.filter((other) => topic !== undefined && other.message.topic === topic);
			addressee.waiting = addressee.waiting.concat([push]);
			push.number = append(held, push);
			for (const older of replaced) drop(older, "a newer one takes its place");
			keep_few(addressee);
			if (held.count > held_pushes) drop(first_of(held)!, "too many wait");
		},
		take: (addressee) => {
			const { waiting } = addressee;
			let next: Push | undefined = undefined;
			for (const push of waiting) {
				if (next === undefined || goes_before(push, next)) next = push;
			}
			if (next !== undefined) addressee.waiting = waiting.filter((other) => other !== next);
			return next;
		},
		put_back,
		retry: (push, at) => {
			push.tries++;
			push.expires_at = push.queued_at + life_of(push.message);
			if (push.number === undefined) return;
			if (push.tries > max_retries) {
				drop(push, "it was sent as often as it may be", "info");
			} else if (at > push.expires_at) {
				drop(push, "it would be too old to be sent again", "info");
			} else {
				put_back(push);
			}
		},
		done: let_go,
		drop,
		expire: ({ waiting }) => {
			const now = time.monotonic();
			for (const push of waiting) {
				if (now > push.expires_at) drop(push, "it is too old");
			}
		},
		hold_any: () => held.count > 0,
	};
}
