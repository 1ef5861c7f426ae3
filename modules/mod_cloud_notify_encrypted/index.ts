import type { ProsodyModule } from "../../bridge/api";
import { advertise } from "../push/disco";

/** Encrypts what clients are pushed (https://xeps.tigase.net/docs/push-notifications/encrypt/). */
export const mod_cloud_notify_encrypted: ProsodyModule = (module) => {
	module.depends("cloud_notify");
	advertise(module, ["tigase:push:encrypt:0", "tigase:push:encrypt:aes-128-gcm", "tigase:push:jingle:0"]);
};
