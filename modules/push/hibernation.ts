import type { ModuleApi, Require, Session } from "../../bridge/api";
import { get_number } from "./options";

/** How long a session of a registered client may hibernate. */
export interface Hibernation {
	/** Gives a session that starts to hibernate more time than stream management would. */
	extend(this: void, session: Session): void;
	/** Notes that the client was notified. */
	client_was_notified(this: void, session: Session, now: number): void;
	/** Notes that the session hibernates no more. */
	ended(this: void, session: Session): void;
	/** The module needs the session no longer than stream management does, whose own timeout counts from now. */
	let_go(this: void, session: Session): void;
}

/** Seconds that a session may hibernate while the client was not notified, unless `push_max_hibernation_timeout` says otherwise. */
const default_timeout = 72 * 3600;

/**
 * Until a client hears that something waits for it, it has no reason to come back, so its session is kept for longer.
 * Several push modules may want that of one session: it is kept until the last of them has let go.
 * @param past_first_push whether it may hibernate for as long when the client was notified; else stream management's
 * timeout runs then
 */
export function extended_hibernation(module: ModuleApi, require: Require, past_first_push: boolean): Hibernation {
	const watchdog = require("util.watchdog");
	const timeout = get_number(module, "push_max_hibernation_timeout", default_timeout);

	const is_held = (session: Session): boolean => {
		const holds = session.push_holds ?? {};
		for (const holder in holds) {
			if (holds[holder] === true) return true;
		}
		return false;
	};

	const ended = (session: Session): void => {
		if (session.push_holds !== undefined) session.push_holds[module.name] = undefined;
	};

	const let_go = (session: Session): void => {
		ended(session);
		const callback = session.original_smacks_callback;
		const original_timeout = session.original_smacks_timeout;
		if (is_held(session)) return;
		if (session.hibernating_watchdog === undefined || callback === undefined || original_timeout === undefined) return;
		session.hibernating_watchdog.cancel();
		session.hibernating_watchdog = watchdog.new(original_timeout, callback);
	};

	return {
		extend: (session) => {
			const running = session.hibernating_watchdog;
			if (running === undefined) return;
			const is_extended = is_held(session);
			if (!is_extended) {
				session.original_smacks_callback = running.callback;
				session.original_smacks_timeout = running.timeout;
			}
			if (!is_extended || running.timeout < timeout) {
				const callback = session.original_smacks_callback!;
				running.cancel();
				session.hibernating_watchdog = watchdog.new(timeout, (extended) => {
					session.log("debug", "Push-extended hibernation timeout reached");
					callback(extended);
				});
			}
			session.push_holds ??= {};
			session.push_holds[module.name] = true;
		},
		client_was_notified: (session, now) => {
			if (session.hibernating === undefined || past_first_push) return;
			const is_first = session.first_hibernated_push === undefined;
			session.first_hibernated_push ??= now;
			if (is_first || session.push_holds?.[module.name] === true) let_go(session);
		},
		ended,
		let_go,
	};
}
