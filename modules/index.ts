import type { ProsodyModule } from "../bridge/api";
import { mod_cloud_notify } from "./mod_cloud_notify";
import { mod_cloud_notify_away } from "./mod_cloud_notify_away";
import { mod_cloud_notify_encrypted } from "./mod_cloud_notify_encrypted";
import { mod_cloud_notify_extensions } from "./mod_cloud_notify_extensions";
import { mod_cloud_notify_filters } from "./mod_cloud_notify_filters";
import { mod_cloud_notify_priority_tag } from "./mod_cloud_notify_priority_tag";
import { mod_push2 } from "./mod_push2";
import { mod_web_push } from "./mod_web_push";

/** The modules by Prosody's name, without `mod_`. */
export const modules: Readonly<Record<string, ProsodyModule>> = {
	cloud_notify: mod_cloud_notify,
	cloud_notify_away: mod_cloud_notify_away,
	cloud_notify_encrypted: mod_cloud_notify_encrypted,
	cloud_notify_extensions: mod_cloud_notify_extensions,
	cloud_notify_filters: mod_cloud_notify_filters,
	cloud_notify_priority_tag: mod_cloud_notify_priority_tag,
	push2: mod_push2,
	web_push: mod_web_push,
};
