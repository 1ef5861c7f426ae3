import type { ProsodyModule, Push2Registration } from "../../bridge/api";
import { get_number_between } from "../push/bounded-option";
import { extended_hibernation } from "../push/hibernation";
import { get_boolean, get_number, get_string } from "../push/options";
import { make_pusher } from "../push/pusher";
import { open_registrations } from "../push/registrations";
import { push_sessions } from "../push/sessions";
import { push_triggers } from "../push/triggers";
import { find_crypto } from "../push/webpush/crypto";
import { track_activity } from "./activity";
import { enable_while_binding } from "./bind";
import { retrying_delivery } from "./delivery";
import { largest_payload } from "./envelope";
import { push2_rules } from "./importance";
import { stanza_matcher } from "./matching";
import { notification_maker } from "./notification";
import { profiles_of } from "./profiles";
import { session_registrar } from "./registrar";
import { handle_registration } from "./registration";
import { track_rooms } from "./rooms";
import { longest_need } from "../push/webpush/token";

/** A service that is out for an hour is no reason to lose it. */
const shortest_disable_after = 3600;

/** Push 2.0. */
export const mod_push2: ProsodyModule = (module, prosody, require) => {
	const crypto = find_crypto(module, require);
	const registrations = open_registrations<Push2Registration>(module, require, "push2_registrations");
	const hibernation = extended_hibernation(module, require, get_boolean(module, "hibernate_past_first_push", true));
	const sessions = push_sessions(module, prosody, hibernation, {
		read: (session) => session.push_registration_id,
		clear: (session) => {
			session.push_registration_id = undefined;
			session.push_registration = undefined;
		},
	});

	// Longer, and the token of a push would be too old before the push is.
	const max_retry_age = get_number_between(module, "push2_max_retry_age", 3600, 0, longest_need);
	const delivery = retrying_delivery(module, require, {
		registrations,
		max_retries: get_number(module, "push2_max_retries", 5),
		retry_delay: get_number(module, "push2_retry_delay", 30),
		max_retry_age,
		disable_after: get_number_between(module, "push2_disable_after", 72 * 3600, shortest_disable_after, Infinity),
		on_failed: (username, identifier) => {
			if (!registrations.remove(username, [identifier])) return;
			for (const session of sessions.of_user(username)) {
				if (sessions.identifier_of(session) === identifier) {
					session.log("warn", "Push notifications disabled: the push service has failed for too long");
				}
			}
			sessions.forget_registration(username, identifier);
		},
	});

	const profiles = profiles_of(module, prosody, crypto);
	const registrar = session_registrar(require, {
		registrations,
		crypto,
		profiles,
		on_ended: (username, identifier) => {
			delivery.forget(username, identifier);
			sessions.forget_registration(username, identifier);
		},
		on_replaced: (session, identifier) => {
			delivery.forget(session.username!, identifier);
			// What waits for the client's older sessions it will not come back for.
			sessions.forget_registration(session.username!, identifier, session);
		},
	});
	handle_registration(module, require, registrar, profiles);
	enable_while_binding(module, registrar);

	const rooms = track_rooms(module, prosody, require, sessions.of_user);
	const rules = push2_rules(module, require, rooms);
	const make_notification = notification_maker(module, prosody, require, {
		matches: stanza_matcher(module, prosody, require, { rules, activity: track_activity(module, require, sessions), rooms }),
		rules,
		crypto,
		max_payload: get_number(module, "push2_max_payload", largest_payload),
		contact_uri: get_string(module, "contact_uri", `xmpp:${module.host}`),
		max_retry_age,
	});

	const pusher = make_pusher({
		module,
		prosody,
		require,
		registrations,
		sessions,
		rules,
		mark_name: "_push_notify2",
		push: (username, registered, subject) => {
			const message = make_notification(username, registered, subject);
			if (message === undefined) {
				module.log("debug", "Nothing to push for %s@%s to '%s'", username, module.host, registered.identifier);
				return false;
			}
			module.log("debug", "Sending push notification for %s@%s to %s ('%s')",
				username, module.host, registered.registration.service, registered.identifier);
			delivery.send(username, registered, message);
			return true;
		},
	});
	const push_gathered = push_triggers(pusher, hibernation);

	module.hook("smacks-hibernation-end", ({ resumed }) => {
		const identifier = resumed !== undefined ? sessions.identifier_of(resumed) : undefined;
		if (identifier !== undefined) delivery.client_is_back(resumed!.username!, identifier);
		return undefined;
	});

	sessions.extend_hibernating();

	module.log("info", "Module loaded");
	module.unload = () => {
		push_gathered();
		sessions.release_all();
		module.log("info", "Module unloaded");
	};
};
