import { push_archived_messages } from "./archive";
import type { Hibernation } from "./hibernation";
import { push_offline_messages } from "./offline";
import { push_pings } from "./ping";
import type { Pusher } from "./pusher";
import { push_queued_stanzas } from "./queue";

/**
 * When to push to whom: `mod_cloud_notify`'s business rules.
 * @returns pushes at once what waits for more to come, so that nothing is lost when the module is unloaded
 */
export function push_triggers<Registration>(
	pusher: Pusher<Registration>, hibernation: Hibernation,
): (this: void) => void {
	push_offline_messages(pusher);
	push_archived_messages(pusher);
	push_pings(pusher);
	return push_queued_stanzas(hibernation, pusher);
}
