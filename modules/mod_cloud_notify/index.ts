import type { ProsodyModule, PushRegistration } from "../../bridge/api";
import { extended_hibernation } from "../push/hibernation";
import { is_important, urgency } from "../push/importance";
import { get_number } from "../push/options";
import { make_pusher } from "../push/pusher";
import { open_registrations, type NamedRegistration } from "../push/registrations";
import { push_sessions } from "../push/sessions";
import { get_summary_options } from "../push/summary-options";
import { push_triggers } from "../push/triggers";
import { counted_delivery } from "./delivery";
import { notification_maker } from "./notification";
import { push_on_delivery } from "./on-delivery";
import { handle_registration } from "./registration";

function named_registrations(
	push_services: Readonly<Record<string, PushRegistration>>,
): NamedRegistration<PushRegistration>[] {
	const registered: NamedRegistration<PushRegistration>[] = [];
	for (const identifier in push_services) {
		registered.push({ identifier, registration: push_services[identifier]! });
	}
	return registered;
}

/** XEP-0357: Push Notifications. */
export const mod_cloud_notify: ProsodyModule = (module, prosody, require) => {
	const registrations = open_registrations<PushRegistration>(module, require);
	const hibernation = extended_hibernation(module, require, false);
	const sessions = push_sessions(module, prosody, hibernation, {
		read: (session) => session.push_identifier,
		clear: (session) => {
			session.push_identifier = undefined;
			session.push_settings = undefined;
		},
	});
	const make_notification = notification_maker(module, require, get_summary_options(module));

	const delivery = counted_delivery(module, require, {
		registrations,
		max_errors: get_number(module, "push_max_errors", 16),
		on_failed: (username, identifier) => {
			if (registrations.remove(username, [identifier])) sessions.forget_registration(username, identifier);
		},
	});

	handle_registration(module, require, {
		registrations,
		on_ended: (username, { identifier }) => {
			delivery.forget(username, identifier);
			sessions.forget_registration(username, identifier);
		},
	});

	const pusher = make_pusher({
		module,
		prosody,
		require,
		registrations,
		sessions,
		rules: { urgency, is_important },
		mark_name: "_push_notify",
		named_in_ping: named_registrations,
		push: (username, registered, subject) => {
			const { jid, node } = registered.registration;
			const { iq, payload, summary, important } = make_notification(registered, subject?.stanza);
			module.log("debug", "Sending %s push notification for %s@%s to %s (%s)",
				important ? "important" : "unimportant", username, module.host, jid, node);
			const event = {
				notification_stanza: iq,
				notification_payload: payload,
				original_stanza: subject?.stanza,
				username,
				push_info: registered.registration,
				push_summary: summary,
				important,
				reason: undefined as string | undefined,
			};
			const blocked = module.fire_event("cloud_notify/push", event);
			if (blocked !== undefined && blocked !== false) {
				module.log("debug", "Push was blocked by event handler: %s", event.reason ?? "Unknown reason");
				return false;
			}
			delivery.send(username, registered, iq);
			return true;
		},
	});
	push_triggers(pusher, hibernation);
	push_on_delivery(pusher);

	module.log("info", "Module loaded");
	module.unload = () => {
		sessions.release_all();
		module.log("info", "Module unloaded");
	};
};
