import type { ModuleApi, ProsodyModule } from "../../bridge/api";
import { extended_hibernation } from "../push/hibernation";
import { get_boolean, get_number, get_string } from "../push/options";
import { open_registrations } from "../push/registrations";
import { forget_registration, release_sessions } from "../push/sessions";
import { push_triggers } from "../push/triggers";
import { counted_delivery } from "./delivery";
import { notification_maker } from "./notification";
import { handle_registration } from "./registration";

const default_max_devices = 5;

/** At least one device: with room for none nobody could register. */
function get_max_devices(module: ModuleApi): number {
	const max_devices = Math.floor(get_number(module, "push_max_devices", default_max_devices));
	if (max_devices >= 1) return max_devices;
	module.log("error", "Config option 'push_max_devices' must be 1 or more, not %d; using %d",
		max_devices, default_max_devices);
	return default_max_devices;
}

/** XEP-0357: Push Notifications. */
export const mod_cloud_notify: ProsodyModule = (module, prosody, require) => {
	const registrations = open_registrations(module, get_max_devices(module));
	const hibernation = extended_hibernation(
		require("util.watchdog"), get_number(module, "push_max_hibernation_timeout", 72 * 3600),
	);
	const make_notification = notification_maker(module, require, {
		with_body: get_boolean(module, "push_notification_with_body", false),
		with_sender: get_boolean(module, "push_notification_with_sender", false),
		important_body: get_string(module, "push_notification_important_body", "New Message!"),
	});

	const delivery = counted_delivery(module, require, {
		registrations,
		max_errors: get_number(module, "push_max_errors", 16),
		on_failed: (username, identifier) => {
			const stored = (registrations.all(username) ?? []).filter((named) => named.identifier === identifier);
			if (registrations.remove(username, stored)) {
				forget_registration(module, prosody, hibernation, username, identifier);
			}
		},
	});

	handle_registration(module, require, {
		registrations,
		on_ended: (username, { identifier }) => {
			delivery.forget(username, identifier);
			forget_registration(module, prosody, hibernation, username, identifier);
		},
	});

	push_triggers(module, prosody, require, registrations, hibernation, (username, registered, stanza) => {
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
	});

	module.log("info", "Module loaded");
	module.unload = () => {
		release_sessions(module, prosody, hibernation);
		module.log("info", "Module unloaded");
	};
};
