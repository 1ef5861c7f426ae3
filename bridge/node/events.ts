import type { Events } from "../api/prosody";

type Handler = (this: void, payload: never) => unknown;

interface Hooked {
	readonly handler: Handler;
	readonly priority: number;
}

/**
 * `util.events`: handlers of a higher priority run first, those of one priority in the order added, until one returns
 * something other than nil. A dispatch runs those that were there when it began, whatever comes or goes meanwhile.
 */
export function createEvents(): Events {
	// In the order they run. A list is replaced, never changed.
	const events = new Map<string, readonly Hooked[]>();

	return {
		fire_event(name, payload) {
			const hooked = events.get(name);
			if (hooked === undefined) return undefined;
			for (const { handler } of hooked) {
				const result = handler(payload as never);
				if (result !== undefined) return result;
			}
			return undefined;
		},
		add_handler(name, handler, priority = 0) {
			const others = events.get(name)?.filter((other) => other.handler !== handler) ?? [];
			const next = others.findIndex((other) => other.priority < priority);
			others.splice(next < 0 ? others.length : next, 0, { handler, priority });
			events.set(name, others);
		},
		remove_handler(name, handler) {
			const left = events.get(name)?.filter((other) => other.handler !== handler);
			if (left === undefined) return;
			if (left.length === 0) events.delete(name);
			else events.set(name, left);
		},
	};
}
