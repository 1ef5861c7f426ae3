import type { PushRegistration, Stanza, StanzaEvent } from "../../bridge/api";
import { archive_id_of } from "../push/archived";
import { delivery_event, extension_events } from "../push/extension-events";
import type { Pusher } from "../push/pusher";
import type { NamedRegistration } from "../push/registrations";

/** Below the priority at which `mod_mam` archives a message, above those at which `mod_carbons` copies and `mod_message` delivers it. */
const after_archive = -0.25;

/** Whether a message would be kept for an account that is offline, which it is pushed for, too. */
function is_kept({ attr: { type } }: Stanza): boolean {
	return type !== "groupchat" && type !== "headline" && type !== "error";
}

/** Pushes a message that is about to reach sessions of its account to the registrations for which other modules want it. */
export function push_on_delivery(pusher: Pusher<PushRegistration>): void {
	const { module, prosody, require, registrations, rules } = pusher;
	const jid = require("util.jid");
	// For modules that need it: Prosody's own mod_cloud_notify has no such event.
	module.add_item(extension_events, delivery_event);

	const is_wanted = (
		username: string, { registration }: NamedRegistration<PushRegistration>, stanza: Stanza, important: boolean,
	): boolean => {
		const event = {
			original_stanza: stanza,
			username,
			push_info: registration,
			important,
			reason: undefined as string | undefined,
		};
		const wanted = module.fire_event(delivery_event, event);
		if (wanted === undefined || wanted === false) return false;
		module.log("debug", "Pushing what is delivered for %s@%s: %s", username, module.host, event.reason ?? "Unknown reason");
		return true;
	};

	const push_delivered = ({ origin, stanza }: StanzaEvent): undefined => {
		const username = stanza.attr.to === undefined ? origin.username : jid.node(stanza.attr.to);
		if (username === undefined || !is_kept(stanza)) return;
		const registered = registrations.all(username) ?? [];
		if (registered.length === 0) return;
		pusher.is_new(stanza, username);
		// With nobody connected the message goes on to message/offline/handle.
		if (prosody.hosts[module.host]?.sessions[username] === undefined) return;
		const important = rules.is_important(stanza, username);
		const wanted = registered.filter((each) => is_wanted(username, each, stanza, important));
		if (wanted.length === 0) return;
		const archive_id = archive_id_of(module, prosody, stanza, username);
		pusher.notify(username, wanted, { stanza, archive_id, stage: "delivered" });
	};
	module.hook("message/bare", push_delivered, after_archive);
	module.hook("message/full", push_delivered, after_archive);
}
