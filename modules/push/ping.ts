import type { Pusher } from "./pusher";

/** Pushes when another module asks: to the registrations that it names, else to all of the user's. */
export function push_pings<Registration>({ module, registrations, notify, named_in_ping }: Pusher<Registration>): void {
	module.hook("cloud-notify-ping", ({ user, push_services }) => {
		const registered = push_services === undefined ? registrations.all(user) : named_in_ping?.(push_services);
		notify(user, registered ?? [], undefined);
		return undefined;
	});
}
