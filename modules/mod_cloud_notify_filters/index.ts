import type { ProsodyModule } from "../../bridge/api";
import { block_pushes } from "../push/blocking";
import { advertise } from "../push/disco";
import { xmlns_push } from "../push/xmlns";
import { push_filter } from "./decision";
import { filter_reader, xmlns_groupchat, xmlns_ignore_unknown, xmlns_muted } from "./registration";

/** Filters what clients are pushed (https://xeps.tigase.net/docs/push-notifications/filters/). */
export const mod_cloud_notify_filters: ProsodyModule = (module, _prosody, require) => {
	module.depends("cloud_notify");
	const read_filters = filter_reader(module, require);

	advertise(module, [xmlns_ignore_unknown, xmlns_muted, xmlns_groupchat]);

	module.hook("cloud_notify/registration", ({ stanza, push_info }) => {
		read_filters(stanza.get_child("enable", xmlns_push)!, push_info);
		return undefined;
	});

	block_pushes(module, push_filter(module, require));
};
