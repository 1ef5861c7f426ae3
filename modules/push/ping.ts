import type { EventPayload } from "../../bridge/api";
import type { Pusher } from "./pusher";

export type Ping = EventPayload<"cloud-notify-ping">;

/** Pushes when another module asks. */
export function push_pings<Registration>({ module, notify, to_ping }: Pusher<Registration>): void {
	module.hook("cloud-notify-ping", (event) => {
		notify(event.user, to_ping(event), undefined);
		return undefined;
	});
}
