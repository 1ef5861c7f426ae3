import type { ProsodyModule } from "../bridge/api";
import { mod_cloud_notify } from "./mod_cloud_notify";
import { mod_push2 } from "./mod_push2";
import { mod_web_push } from "./mod_web_push";

/** The modules by Prosody's name, without `mod_`. */
export const modules: Readonly<Record<string, ProsodyModule>> = {
	cloud_notify: mod_cloud_notify,
	push2: mod_push2,
	web_push: mod_web_push,
};
