import type { ProsodyModule } from "../../bridge/api";
import { advertise } from "../push/disco";
import { delivery_event, extension_events } from "../push/extension-events";
import { sessions_of } from "../push/user-sessions";
import { xmlns_push } from "../push/xmlns";
import { attention_of } from "./attention";

const xmlns_push_away = "tigase:push:away:0";

/** Pushes messages while all clients of the user are away, too (https://xeps.tigase.net/docs/push-notifications/away/). */
export const mod_cloud_notify_away: ProsodyModule = (module, prosody) => {
	module.depends("cloud_notify");
	if (!module.get_host_items(extension_events).includes(delivery_event)) {
		module.log("warn", "Does nothing: the mod_cloud_notify that is loaded has no event '%s'", delivery_event);
		return;
	}
	advertise(module, [xmlns_push_away]);

	module.hook("cloud_notify/registration", ({ stanza, push_info }) => {
		const { away } = stanza.get_child("enable", xmlns_push)!.attr;
		if (away === "true" || away === "1") push_info.away = true;
		return undefined;
	});

	const is_away = (username: string): boolean => {
		let away = false;
		for (const session of sessions_of(module, prosody, username)) {
			const attention = attention_of(session);
			if (attention === "attended") return false;
			if (attention === "away") away = true;
		}
		return away;
	};

	const important_only = module.get_option_boolean("push_away_important_only", false);
	module.hook(delivery_event, (event) => {
		if (event.push_info.away !== true || !is_away(event.username)) return undefined;
		if (important_only === true && !event.important) return undefined;
		event.reason = "all clients are away";
		return true;
	});
};
