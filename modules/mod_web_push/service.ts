import type { ModuleApi, Require } from "../../bridge/api";
import type { Backoff } from "../push/backoff";
import type { Addressee } from "./addressee";
import type { Endpoint } from "./endpoint";
import { leave_line, new_line, next_in_line, type Line, type Standing } from "./line";
import { kept_in, lay_down, new_memory, take_up, type Memory } from "./memory";

/** Of how many services, to which nothing is to be sent, it is remembered that they have failed. */
const remembered_services = 1000;
/**
 * For how many users in a row a service must fail before it is taken to be failing for all: users choose the paths of
 * their endpoints, and somebody may find one for which a service always fails, or always says that it is asked too often.
 */
const failing_users = 3;

/** Since a service has been failing for all. */
interface Outage {
	began_at: number;
	/** How many requests in a row were sent in vain to find out whether it is over. */
	probes: number;
	/** No request is sent before. */
	next_at: number;
	/** Whether one is under way. */
	is_probing: boolean;
}

/** A push service: all endpoints of one origin. */
export interface Service extends Standing {
	origin: Endpoint["service"];
	/** The registrations to which a push may be sent. */
	line: Line<Addressee>;
	under_way: number;
	/** How many requests may be under way: 1 after an outage, twice as many after each one that worked. */
	width: number;
	/** For whom it has failed since it worked last. */
	failed_for: readonly string[];
	outage?: Outage;
}

export interface ServiceOptions {
	/** `web_push_max_requests` */
	max_requests: number;
	backoff: Backoff;
}

/** What may be sent to push services. */
export interface Services {
	/** Takes a service into use. */
	of(this: void, origin: string): Service;
	may_send(this: void, service: Service): boolean;
	/** A request is being sent to it. */
	started(this: void, service: Service): void;
	/** A request was answered as by a service that works. */
	worked(this: void, service: Service): void;
	/** The service failed for a registration of this user. @param retry_after seconds */
	failed(this: void, service: Service, username: string, retry_after: number): void;
	/** Takes it out of use if nothing is to be sent to it, nor under way. */
	release(this: void, service: Service): void;
}

/** What is known outlives a reload of the module. */
export function push_services(module: ModuleApi, require: Require, options: ServiceOptions): Services {
	const { backoff } = options;
	const max_requests = Math.max(Math.floor(options.max_requests), 1);
	const time = require("util.time");
	const shared = module.shared<{ services?: Memory<Service> }>(kept_in);
	shared.services ??= new_memory<Service>(require, remembered_services);
	const services = shared.services;

	return {
		of: (origin) => take_up(services, origin, () => ({
			origin, line: new_line<Addressee>(), under_way: 0, width: max_requests, failed_for: [],
		})),
		may_send: ({ outage, under_way, width }) => {
			if (outage === undefined) return under_way < Math.min(width, max_requests);
			return under_way === 0 && time.monotonic() >= outage.next_at;
		},
		started: (service) => {
			service.under_way++;
			if (service.outage !== undefined) service.outage.is_probing = true;
		},
		worked: (service) => {
			const { outage } = service;
			service.under_way--;
			service.failed_for = [];
			if (outage !== undefined) {
				module.log("info", "Push service %s works again after %d seconds",
					service.origin, Math.floor(time.monotonic() - outage.began_at));
			}
			service.width = outage !== undefined ? 1 : Math.min(service.width * 2, max_requests);
			service.outage = undefined;
		},
		failed: (service, username, retry_after) => {
			const { outage, failed_for } = service;
			const now = time.monotonic();
			service.under_way--;
			if (outage !== undefined) {
				outage.next_at = Math.max(outage.next_at, now + retry_after);
				// What was under way when the outage began says nothing new.
				if (!outage.is_probing) return;
				outage.is_probing = false;
				outage.probes++;
				outage.next_at = Math.max(outage.next_at, now + backoff(outage.probes));
			} else if (!failed_for.includes(username)) {
				service.failed_for = failed_for.concat([username]);
				if (service.failed_for.length < failing_users) return;
				const delay = Math.max(backoff(0), retry_after);
				service.outage = { began_at: now, probes: 0, next_at: now + delay, is_probing: false };
				module.log("info", "Push service %s fails for everybody: trying again in %d seconds",
					service.origin, Math.floor(delay));
			}
		},
		release: (service) => {
			const { origin, line, under_way, width, failed_for, outage } = service;
			if (under_way > 0 || next_in_line(line) !== undefined) return;
			leave_line(service);
			lay_down(services, origin, outage !== undefined || width < max_requests || failed_for.length > 0);
		},
	};
}
