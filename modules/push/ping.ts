import type { ModuleApi, PushRegistration } from "../../bridge/api";
import type { Pusher } from "./pusher";
import type { NamedRegistration } from "./registrations";

function named(given: Record<string, PushRegistration>): NamedRegistration[] {
	const registered: NamedRegistration[] = [];
	for (const identifier in given) {
		registered.push({ identifier, registration: given[identifier]! });
	}
	return registered;
}

/** Pushes when another module asks: to the registrations that it names, else to all of the user's. */
export function push_pings(module: ModuleApi, { registrations, notify }: Pusher): void {
	module.hook("cloud-notify-ping", (event) => {
		const registered = event.push_services !== undefined
			? named(event.push_services)
			: registrations.all(event.user) ?? [];
		notify(event.user, registered, undefined);
		return undefined;
	});
}
