import type { ModuleApi, Prosody, Require } from "../../bridge/api";
import { push_archived_messages } from "./archive";
import type { Hibernation } from "./hibernation";
import { push_offline_messages } from "./offline";
import { push_pings } from "./ping";
import { pusher, type Push } from "./pusher";
import { push_queued_stanzas } from "./queue";
import type { Registrations } from "./registrations";

/** When to push to whom: `mod_cloud_notify`'s business rules. */
export function push_triggers(
	module: ModuleApi, prosody: Prosody, require: Require,
	registrations: Registrations, hibernation: Hibernation, push: Push,
): void {
	const to_registrations = pusher(module, prosody, require, registrations, push);
	push_offline_messages(module, require, to_registrations);
	push_archived_messages(module, prosody, require, to_registrations);
	push_queued_stanzas(module, require, hibernation, to_registrations);
	push_pings(module, to_registrations);
}
