import type { ProsodyModule } from "../../bridge/api";
import { advertise } from "../push/disco";
import { xmlns_push } from "../push/xmlns";

const xmlns_push_away = "tigase:push:away:0";

/** Pushes what comes while nobody looks at any client, too (https://xeps.tigase.net/docs/push-notifications/away/). */
export const mod_cloud_notify_away: ProsodyModule = (module) => {
	module.depends("cloud_notify");
	advertise(module, [xmlns_push_away]);

	module.hook("cloud_notify/registration", ({ stanza, push_info }) => {
		const { away } = stanza.get_child("enable", xmlns_push)!.attr;
		if (away === "true") push_info.away = true;
		return undefined;
	});
};
