import { push_archived_messages } from "./archive";
import type { Hibernation } from "./hibernation";
import { push_offline_messages } from "./offline";
import { push_pings } from "./ping";
import { make_pusher, type PushModule } from "./pusher";
import { push_queued_stanzas } from "./queue";

/**
 * When to push to whom: `mod_cloud_notify`'s business rules.
 * @returns pushes at once what waits for more to come, so that nothing is lost when the module is unloaded
 */
export function push_triggers<Registration>(
	push_module: PushModule<Registration>, hibernation: Hibernation,
): (this: void) => void {
	const to_registrations = make_pusher(push_module);
	push_offline_messages(to_registrations);
	push_archived_messages(to_registrations);
	push_pings(to_registrations);
	return push_queued_stanzas(hibernation, to_registrations);
}
