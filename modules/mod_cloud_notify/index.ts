import type { ProsodyModule } from "../../bridge/api";
import { open_registrations, type NamedRegistration } from "../push/registrations";
import { push_triggers } from "../push/triggers";
import { counted_delivery } from "./delivery";
import { notification_maker } from "./notification";
import { handle_registration, sessions_registered } from "./registration";

/** XEP-0357: Push Notifications. */
export const mod_cloud_notify: ProsodyModule = (module, prosody, require) => {
	const registrations = open_registrations(module, module.get_option_number("push_max_devices", 5));

	const make_notification = notification_maker(module, require, {
		with_body: module.get_option_boolean("push_notification_with_body", false),
		with_sender: module.get_option_boolean("push_notification_with_sender", false),
		important_body: module.get_option_string("push_notification_important_body", "New Message!"),
	});

	const triggers = push_triggers(module, prosody, require, {
		registrations,
		hibernation_timeout: module.get_option_number("push_max_hibernation_timeout", 72 * 3600),
		push: (username, registered, stanza) => {
			const { jid, node } = registered.registration;
			const { iq, payload, summary, important } = make_notification(registered, stanza);
			module.log("debug", "Sending %s push notification for %s@%s to %s (%s)",
				important ? "important" : "unimportant", username, module.host, jid, node);
			const event = {
				notification_stanza: iq,
				notification_payload: payload,
				original_stanza: stanza,
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

	/** A registration that is not stored any more. */
	const ended = (username: string, { identifier }: NamedRegistration): void => {
		delivery.forget(username, identifier);
		for (const session of sessions_registered(module, prosody, username, identifier)) {
			triggers.forget_registration(session);
		}
	};

	const delivery = counted_delivery(module, require, {
		registrations,
		max_errors: module.get_option_number("push_max_errors", 16),
		on_failed: (username, failed) => {
			const { identifier } = failed;
			const stored = (registrations.all(username) ?? []).filter((named) => named.identifier === identifier);
			if (registrations.remove(username, stored)) ended(username, failed);
		},
	});

	handle_registration(module, require, { registrations, on_ended: ended });

	module.log("info", "Module loaded");
	module.unload = () => {
		triggers.release_sessions();
		module.log("info", "Module unloaded");
	};
};
