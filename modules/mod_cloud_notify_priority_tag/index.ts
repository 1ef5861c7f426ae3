import type { ProsodyModule } from "../../bridge/api";
import { advertise } from "../push/disco";

const xmlns_push_priority = "tigase:push:priority:0";

/** Tells push services what is important (https://xeps.tigase.net/docs/push-notifications/priority/). */
export const mod_cloud_notify_priority_tag: ProsodyModule = (module) => {
	module.depends("cloud_notify");
	advertise(module, [xmlns_push_priority]);

	module.hook("cloud_notify/push", ({ important, notification_payload }) => {
		if (important) notification_payload.text_tag("priority", "high", { xmlns: xmlns_push_priority });
		return undefined;
	});
};
