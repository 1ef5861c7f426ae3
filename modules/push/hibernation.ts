import type { Session, WatchdogLibrary } from "../../bridge/api";

/** How long a session of a registered client may hibernate. */
export interface Hibernation {
	/** Gives a session that starts to hibernate more time than stream management would. */
	extend(this: void, session: Session): void;
	/** Notes that the client was notified: from now on stream management's own timeout runs. */
	client_was_notified(this: void, session: Session, now: number): void;
	/** Puts stream management's own timeout back, counted from now. */
	restore(this: void, session: Session): void;
}

/**
 * Until a client hears that something waits for it, it has no reason to come back, so its session is kept for longer.
 * @param timeout seconds that a session may hibernate while no important push was sent for it
 */
export function extended_hibernation(watchdog: WatchdogLibrary, timeout: number): Hibernation {
	const restore = (session: Session): void => {
		const callback = session.original_smacks_callback;
		const original_timeout = session.original_smacks_timeout;
		if (session.hibernating_watchdog === undefined || callback === undefined || original_timeout === undefined) {
			return;
		}
		session.hibernating_watchdog.cancel();
		session.hibernating_watchdog = watchdog.new(original_timeout, callback);
	};

	return {
		extend: (session) => {
			const original = session.hibernating_watchdog;
			if (original === undefined) return;
			const callback = original.callback;
			session.original_smacks_callback = callback;
			session.original_smacks_timeout = original.timeout;
			original.cancel();
			session.hibernating_watchdog = watchdog.new(timeout, (extended) => {
				session.log("debug", "Push-extended hibernation timeout reached");
				callback(extended);
			});
		},
		client_was_notified: (session, now) => {
			if (session.hibernating === undefined || session.first_hibernated_push !== undefined) return;
			session.first_hibernated_push = now;
			restore(session);
		},
		restore,
	};
}
