import type { ModuleApi } from "../../bridge/api";
import { account_of } from "../push/account";
import type { Endpoint } from "./endpoint";
import { short_identifier } from "./identifier";
import type { WebPushMessage } from "./message";
import type { Standing } from "./line";
import type { Answer } from "./post";

/** A push until it was sent, or let go of. */
export interface Push {
	addressee: Addressee;
	message: WebPushMessage;
	/** That of the message, or the smaller one. */
	payload: string;
	/** Seconds of `util.time`'s `monotonic`, as all times here. */
	queued_at: number;
	/** When it is too old to be sent. */
	expires_at: number;
	/** How often it was sent in vain. */
	tries: number;
	/** Its number among all that are held; nil once it was let go of. */
	number?: number;
}

/** A request that has not been answered. */
export interface Sending {
	push: Push;
	started_at: number;
	/** Its number among all that are under way. */
	number: number;
	/** What came while the module was not loaded. */
	answer?: Answer;
	/** Whether it was answered, or is taken to be lost. */
	is_over?: boolean;
}

/** A registration as long as it is the same one, and what is known of the pushes to it. */
export interface Addressee extends Standing {
	username: string;
	identifier: string;
	/** The origin of its push service. */
	service: Endpoint["service"];
	/** Errors in a row that count against the registration. */
	errors: number;
	/** How often in a row its service failed for it while it worked for others. */
	failures: number;
	/** Nothing is sent to it before. */
	rests_until: number;
	/** Pushes that wait, the oldest first. */
	waiting: readonly Push[];
	/** The one request to it that may be under way. */
	sending?: Sending;
	/** Whether the rate of its user has room for its next request. */
	is_admitted?: boolean;
	/** The registration has ended, or was made anew. */
	has_ended?: boolean;
}

/** Whether one of the pushes that wait is urgent. */
export function is_urgent({ waiting }: Addressee): boolean {
	return waiting.some(({ message }) => message.urgency === "high");
}

/** Whose registration it is, for the log: the endpoint is a secret. */
export function describe_addressee(module: ModuleApi, { username, identifier, service }: Addressee): string {
	return `${account_of(module, username)} ('${short_identifier(identifier)}' at ${service})`;
}
