import type { ModuleApi, Require, WebPushRegistration } from "../../bridge/api";
import { account_of } from "../push/account";
import { doubling_backoff } from "../push/backoff";
import { registration_key, type NamedRegistration, type Registrations } from "../push/registrations";
import { describe_addressee, is_urgent, type Addressee, type Push, type Sending } from "./addressee";
import { alarm_setter } from "./alarms";
import type { EndpointReader } from "./endpoint";
import { all_of, append, first_of, new_fifo, take_out, type Fifo } from "./fifo";
import { join_line, leave_line, new_line, next_in_line } from "./line";
import { all_known, all_used, erase, kept_in, lay_down, new_memory, recall, take_up, type Memory } from "./memory";
import type { WebPushMessage } from "./message";
import type { Answer, Post } from "./post";
import { rate_of_users, type RateOptions } from "./rate";
import type { RequestMaker } from "./request";
import { push_services, type Service, type ServiceOptions } from "./service";
import { describe_answer, judge, type Verdict } from "./verdict";
import { waiting_pushes, type WaitingOptions } from "./waiting";

/**
 * Requests that are under way to all services together: there may be as many services as users have registrations, and
 * each request has a connection, or several while it looks for an address that answers.
 */
const most_requests = 256;
/** Of how many registrations for which nothing waits it is remembered that there were errors. */
const remembered_registrations = 20_000;
/** Seconds that `Retry-After` is heeded for at most: a mistake in it must not keep a device silent for a day. */
const longest_rest = 3600;
/** Seconds between looking for what has got too old. */
const sweep_interval = 60;
/** Seconds over the time limit after which an answer has got lost: its time limit, with a former instance of the module. */
const lost_after = 60;

export interface DeliveryOptions extends
	Omit<RateOptions, "on_admitted">, Omit<ServiceOptions, "backoff">, Omit<WaitingOptions, "on_empty"> {
	registrations: Registrations<WebPushRegistration>;
	read_endpoint: EndpointReader;
	make_request: RequestMaker;
	post: Post;
	/** `web_push_timeout`: seconds after which `post` gives up at the latest. */
	timeout: number;
	/** `push_max_errors`: in a row. */
	max_errors: number;
	/** `web_push_retry_delay`: seconds before the first retry. */
	retry_delay: number;
	/** Called for a registration that has ended, as its service says, or has had its last error. */
	on_failed: (this: void, username: string, identifier: string) => void;
}

export interface Delivery {
	/** Sends a push as soon as may be, in place of one with its topic that waits. False if its endpoint is not allowed any more. */
	send(
		this: void, username: string, registered: NamedRegistration<WebPushRegistration>, message: WebPushMessage,
	): boolean;
	/** Forgets a registration that has ended or was made anew: what waits, errors, and answers that are still to come. */
	forget(this: void, username: string, identifier: string): void;
	/** Puts answers aside for the next instance of the module. To be called when it is unloaded. */
	stop(this: void): void;
}

/**
 * Sends pushes and heeds the answers (RFC 8030, 5, 7 and 8.4). To a registration one request is under way at a time. Before it
 * a push waits until its registration has rested, the rate of its user has room, and its service has. Where too many requests
 * are under way, services have their turns.
 *
 * Where a service fails for one registration, that rests; where it fails for several users' in a row, the service does: then
 * only one request is under way to it at a time, to find out whether it works again, after waiting ever longer. A status
 * of 429 is no different, since it may limit a device, or all that this server sends (as Firebase Cloud Messaging
 * does). Neither counts against a registration.
 *
 * All that is known outlives a reload of the module, and is bounded.
 */
export function queued_delivery(module: ModuleApi, require: Require, options: DeliveryOptions): Delivery {
	const { registrations, read_endpoint, make_request, post } = options;
	const time = require("util.time");
	const alarms = alarm_setter(module, require);
	const backoff = doubling_backoff(require, options.retry_delay);
	const services = push_services(module, require, { ...options, backoff });

	const shared = module.shared<{
		addressees?: Memory<Addressee>;
		sendings?: Fifo<Sending>;
		/** That of the instance that is loaded. */
		answered?: (this: void, sending: Sending, answer: Answer) => void;
	}>(kept_in);
	shared.addressees ??= new_memory<Addressee>(require, remembered_registrations);
	shared.sendings ??= new_fifo<Sending>();
	const { addressees, sendings } = shared;
	/** Services that wait for requests to others to end. */
	const crowded = new_line<Service>();

	const key_of = ({ username, identifier }: Addressee): string => registration_key(username, identifier);
	const describe = (addressee: Addressee): string => describe_addressee(module, addressee);

	/** Nothing waits for it any more. */
	const retire = (addressee: Addressee): void => {
		const key = key_of(addressee);
		alarms.stop(key);
		leave_line(addressee);
		addressee.is_admitted = undefined;
		rate.release(addressee.username);
		services.release(services.of(addressee.service));
		const { errors, failures, rests_until } = addressee;
		lay_down(addressees, key, errors > 0 || failures > 0 || rests_until > time.monotonic());
	};

	const waiting = waiting_pushes(module, require, { ...options, on_empty: retire });

	const forget = (username: string, identifier: string): void => {
		const key = registration_key(username, identifier);
		const addressee = recall(addressees, key);
		if (addressee === undefined) return;
		addressee.has_ended = true;
		if (addressee.sending !== undefined) waiting.done(addressee.sending.push);
		for (const push of addressee.waiting) waiting.drop(push, "the registration has ended");
		retire(addressee);
		erase(addressees, key);
	};

	const give_up = ({ username, identifier }: Addressee): void => {
		forget(username, identifier);
		options.on_failed(username, identifier);
	};

	/** A push met an error for which only the registration can be blamed. */
	const refused = (addressee: Addressee, push: Push, why: string): void => {
		const whom = describe(addressee);
		addressee.errors++;
		module.log("info", "Push for %s was refused (%s): error count is now at %d", whom, why, addressee.errors);
		waiting.drop(push, "it was refused");
		if (addressee.errors < options.max_errors) return;
		module.log("warn", "Disabling push notifications for %s: too many errors", whom);
		give_up(addressee);
	};

	/** Its service failed: it rests, unless the service does. */
	const failed = (addressee: Addressee, push: Push, answer: Answer, service: Service, retry_after: number): void => {
		let again_at: number;
		if (service.outage !== undefined) {
			again_at = service.outage.next_at;
		} else {
			again_at = time.monotonic() + Math.max(backoff(addressee.failures), retry_after);
			addressee.failures++;
			addressee.rests_until = again_at;
		}
		module.log("debug", "Push for %s failed (%s): next in %d seconds or later",
			describe(addressee), describe_answer(answer), Math.floor(again_at - time.monotonic()));
		waiting.retry(push, again_at);
	};

	/** Its service works. */
	const conclude = (addressee: Addressee, push: Push, answer: Answer, verdict: Exclude<Verdict, "later">): void => {
		addressee.failures = 0;
		const { smaller_payload } = push.message;
		if (verdict === "taken") {
			addressee.errors = 0;
			waiting.done(push);
			module.log("debug", "Push for %s was taken", describe(addressee));
		} else if (verdict === "gone") {
			module.log("info", "Disabling push notifications for %s: the subscription has ended (%s)",
				describe(addressee), describe_answer(answer));
			waiting.done(push);
			give_up(addressee);
		} else if (verdict === "too-large" && smaller_payload !== undefined && push.payload !== smaller_payload) {
			module.log("debug", "Push for %s was too large: sending it without the body", describe(addressee));
			push.payload = smaller_payload;
			waiting.put_back(push);
		} else {
			refused(addressee, push, describe_answer(answer));
		}
	};

	const answered = (sending: Sending, answer: Answer): void => {
		if (sending.is_over === true) return;
		sending.is_over = true;
		take_out(sendings, sending.number);
		const { push } = sending;
		const { addressee } = push;
		const { username, identifier } = addressee;
		const service = services.of(addressee.service);
		const retry_after = Math.min(answer.retry_after ?? 0, longest_rest);
		const verdict = judge(answer);
		if (verdict === "later") {
			services.failed(service, username, retry_after);
		} else {
			services.worked(service);
		}
		if (addressee.has_ended === true) {
			module.log("debug", "Got %s for %s, which has ended", describe_answer(answer), describe(addressee));
		} else if (registrations.get(username, identifier) === undefined) {
			module.log("debug", "Got %s for %s, which is not registered", describe_answer(answer), describe(addressee));
			forget(username, identifier);
		} else {
			addressee.sending = undefined;
			if (verdict === "later") failed(addressee, push, answer, service, retry_after);
			else conclude(addressee, push, answer, verdict);
			advance(addressee);
		}
		pump(service);
	};
	shared.answered = answered;

	/** Sends to a registration whose turn it is, if there is still something to send. */
	const start = (addressee: Addressee, service: Service): void => {
		const { username, identifier } = addressee;
		const registration = registrations.get(username, identifier);
		if (registration === undefined) {
			forget(username, identifier);
			return;
		}
		waiting.expire(addressee);
		const push = waiting.take(addressee);
		if (push === undefined) return;
		const { value: endpoint, refusal } = read_endpoint(registration.endpoint);
		const now = time.monotonic();
		const { message } = push;
		const ttl = Math.max(message.ttl - Math.floor(now - push.queued_at), 0);
		const request = endpoint !== undefined
			? make_request(registration, endpoint, { ...message, ttl }, push.payload) : undefined;
		if (endpoint === undefined || request === undefined) {
			refused(addressee, push, refusal ?? "unusable keys");
			if (addressee.has_ended !== true && addressee.waiting.length > 0) {
				join_line(service.line, addressee, is_urgent(addressee));
			}
			return;
		}

		const sending: Sending = { push, started_at: now, number: sendings.next };
		append(sendings, sending);
		addressee.sending = sending;
		addressee.is_admitted = undefined;
		services.started(service);
		let is_posting = true;
		post(endpoint, request.headers, request.body, (answer) => {
			const answer_now = (): void => shared.answered?.(sending, answer);
			// Whoever answers at once is not to make this call itself again and again.
			if (is_posting) module.add_timer(0, answer_now);
			else answer_now();
		});
		is_posting = false;
	};

	/** Sends to a service whose turn it is as much as may be sent now. */
	const send_to = (service: Service): void => {
		for (;;) {
			const addressee = next_in_line(service.line);
			if (addressee === undefined) {
				alarms.stop(service.origin);
				services.release(service);
				return;
			}
			if (!services.may_send(service)) break;
			if (sendings.count >= most_requests) {
				join_line(crowded, service, false);
				return;
			}
			leave_line(addressee);
			start(addressee, service);
		}
		const { outage, under_way } = service;
		if (outage !== undefined && under_way === 0) alarms.set(service.origin, outage.next_at, () => pump(service));
	};

	/** Sends to a service after those whose turn it is before. */
	const pump = (service: Service): void => {
		join_line(crowded, service, false);
		for (;;) {
			const next = next_in_line(crowded);
			if (next === undefined || sendings.count >= most_requests) return;
			leave_line(next);
			send_to(next);
		}
	};

	const stand_in_line = (addressee: Addressee): void => {
		const service = services.of(addressee.service);
		join_line(service.line, addressee, is_urgent(addressee));
		pump(service);
	};

	const rate = rate_of_users(module, require, { ...options, on_admitted: stand_in_line });

	/** Brings a registration as near to its next request as it may be. */
	const advance = (addressee: Addressee): void => {
		if (addressee.has_ended === true || addressee.sending !== undefined) return;
		if (addressee.waiting.length === 0) {
			retire(addressee);
		} else if (addressee.rests_until > time.monotonic()) {
			alarms.set(key_of(addressee), addressee.rests_until, () => advance(addressee));
		} else if (addressee.is_admitted === true) {
			stand_in_line(addressee);
		} else {
			rate.admit(addressee);
		}
	};

	/** Lets go of what has got too old, and of requests that nobody will answer any more. */
	const sweep = (): number | undefined => {
		for (const addressee of all_used(addressees)) waiting.expire(addressee);
		const lost = time.monotonic() - options.timeout - lost_after;
		for (;;) {
			const sending = first_of(sendings);
			if (sending === undefined || sending.started_at > lost) break;
			answered(sending, { failure: "no answer" });
		}
		is_sweeping = waiting.hold_any() || first_of(sendings) !== undefined;
		return is_sweeping ? sweep_interval : undefined;
	};

	let is_sweeping = false;
	const keep_sweeping = (): void => {
		if (is_sweeping) return;
		is_sweeping = true;
		module.add_timer(sweep_interval, sweep);
	};

	// What a former instance of the module has left.
	for (const sending of all_of(sendings)) {
		if (sending.answer !== undefined) answered(sending, sending.answer);
	}
	for (const addressee of all_used(addressees)) advance(addressee);
	keep_sweeping();

	// Whoever has the name next is someone else.
	module.hook_global("user-deleted", ({ username, host }) => {
		if (host !== module.host) return undefined;
		for (const addressee of all_known(addressees)) {
			if (addressee.username === username) forget(username, addressee.identifier);
		}
		rate.forget(username);
		return undefined;
	});

	return {
		send: (username, { identifier, registration }, message) => {
			const { value: endpoint, refusal } = read_endpoint(registration.endpoint);
			if (endpoint === undefined) {
				module.log("info", "Not pushing for %s: %s", account_of(module, username), refusal);
				return false;
			}
			const addressee = take_up(addressees, registration_key(username, identifier), () => ({
				username, identifier, service: endpoint.service, errors: 0, failures: 0, rests_until: 0, waiting: [],
			}));
			waiting.add(addressee, message);
			advance(addressee);
			keep_sweeping();
			return true;
		},
		forget,
		stop: () => {
			shared.answered = (sending, answer) => {
				sending.answer = answer;
			};
		},
	};
}
