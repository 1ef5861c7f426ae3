import type { CloudNotifyPushEvent, ModuleApi } from "../../bridge/api";

/**
 * Blocks pushes of `mod_cloud_notify`.
 * @param reason_to_block looks at a push, and may change it; nil lets it pass
 * @param priority of the handler; 0 if absent
 */
export function block_pushes(
	module: ModuleApi, reason_to_block: (this: void, event: CloudNotifyPushEvent) => string | undefined, priority?: number,
): void {
	module.hook("cloud_notify/push", (event) => {
		const reason = reason_to_block(event);
		if (reason === undefined) return undefined;
		event.reason = reason;
		return true;
	}, priority);
}
