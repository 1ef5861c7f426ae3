import type { ProsodyModule } from "../../bridge/api";
import { advertise } from "../push/disco";

/** Filters what clients are pushed (https://xeps.tigase.net/docs/push-notifications/filters/). */
export const mod_cloud_notify_filters: ProsodyModule = (module) => {
	advertise(module, [
		"tigase:push:filter:ignore-unknown:0",
		"tigase:push:filter:muted:0",
		"tigase:push:filter:groupchat:0",
	]);
};
