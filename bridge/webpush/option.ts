import type { PushService } from "./service";

/** Lets mod_web_push post to what is on loopback. */
const OPTION = "web_push_internal_services";

/**
 * The options of `localhost`, each as a Lua literal, with which it may post to these services, unless they say themselves to which it
 * may.
 */
export function optionsFor(
	services: Iterable<PushService>, options: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
	const hosts = Array.from(services, ({ origin }) => JSON.stringify(new URL(origin).host));
	return hosts.length === 0 || Object.hasOwn(options, OPTION) ? options : { ...options, [OPTION]: `{ ${hosts.join(", ")} }` };
}
