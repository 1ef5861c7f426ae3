import type { ModuleApi, Require } from "../../bridge/api";
import { is_urgent, type Addressee } from "./addressee";
import { alarm_setter } from "./alarms";
import { join_line, leave_line, new_line, next_in_line, type Line } from "./line";
import { erase, kept_in, lay_down, new_memory, take_up, type Memory } from "./memory";

/** How many users' rates are remembered; whoever is forgotten may send as many requests at once as any. */
const remembered_users = 10_000;

export interface RateOptions {
	/** `web_push_rate`: requests a minute, and as many at once. */
	rate: number;
	/** Called for a registration for which a request may be sent now. */
	on_admitted: (this: void, addressee: Addressee) => void;
}

/** Lets no more requests be sent for one user than a rate allows: the others wait, with the urgent ones in front. */
export interface Rate {
	/** Lets a registration wait until a request may be sent for it, which may be at once. */
	admit(this: void, addressee: Addressee): void;
	/** To be called when a registration of the user has left the line. */
	release(this: void, username: string): void;
	/** Forgets a user for whom nothing waits. */
	forget(this: void, username: string): void;
}

/** A token bucket. */
interface Bucket {
	name: string;
	tokens: number;
	/** When there were as many. */
	counted_at: number;
	line: Line<Addressee>;
}

/** What is known outlives a reload of the module. */
export function rate_of_users(module: ModuleApi, require: Require, options: RateOptions): Rate {
	const { on_admitted } = options;
	const most = Math.max(options.rate, 1);
	const tokens_a_second = most / 60;
	const time = require("util.time");
	const alarms = alarm_setter(module, require);
	const shared = module.shared<{ buckets?: Memory<Bucket> }>(kept_in);
	shared.buckets ??= new_memory<Bucket>(require, remembered_users);
	const buckets = shared.buckets;

	/** Unlike this, the name of a user may be that of something that every object has. */
	const name_of = (username: string): string => `${username}\n`;

	const fill = (bucket: Bucket): void => {
		const now = time.monotonic();
		bucket.tokens = Math.min(bucket.tokens + (now - bucket.counted_at) * tokens_a_second, most);
		bucket.counted_at = now;
	};

	const release = ({ name, tokens, line }: Bucket): void => {
		if (next_in_line(line) !== undefined) return;
		alarms.stop(name);
		lay_down(buckets, name, tokens < most);
	};

	const serve = (bucket: Bucket): void => {
		fill(bucket);
		for (;;) {
			const addressee = next_in_line(bucket.line);
			if (addressee === undefined) {
				release(bucket);
				return;
			}
			if (bucket.tokens < 1) break;
			bucket.tokens--;
			leave_line(addressee);
			addressee.is_admitted = true;
			on_admitted(addressee);
		}
		alarms.set(bucket.name, bucket.counted_at + (1 - bucket.tokens) / tokens_a_second, () => serve(bucket));
	};

	return {
		admit: (addressee) => {
			const name = name_of(addressee.username);
			const bucket = take_up(buckets, name, () => ({
				name, tokens: most, counted_at: time.monotonic(), line: new_line<Addressee>(),
			}));
			join_line(bucket.line, addressee, is_urgent(addressee));
			serve(bucket);
		},
		release: (username) => {
			const bucket = buckets.used[name_of(username)];
			if (bucket !== undefined) release(bucket);
		},
		forget: (username) => {
			alarms.stop(name_of(username));
			erase(buckets, name_of(username));
		},
	};
}
