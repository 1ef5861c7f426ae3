import type { Events } from "../api/prosody";

type Handler = (this: void, payload: never) => unknown;

/**
 * `util.events`: handlers of a higher priority run first, those of one priority in the order added, until one returns
 * something other than nil. A dispatch runs those that were there when it began, whatever comes or goes meanwhile.
 */
export function createEvents(): Events {
	const priorities = new Map<string, Map<Handler, number>>();
	/** The handlers in the order they run; made when an event is first fired, never changed. */
	const orders = new Map<string, readonly Handler[]>();

	function order(name: string): readonly Handler[] | undefined {
		const handlers = priorities.get(name);
		if (handlers === undefined) return undefined;
		const sorted = Array.from(handlers).sort(([, a], [, b]) => b - a).map(([handler]) => handler);
		orders.set(name, sorted);
		return sorted;
	}

	return {
		fire_event(name, payload) {
			for (const handler of orders.get(name) ?? order(name) ?? []) {
				const result = handler(payload as never);
				if (result !== undefined) return result;
			}
			return undefined;
		},
		add_handler(name, handler, priority = 0) {
			let handlers = priorities.get(name);
			if (handlers === undefined) priorities.set(name, handlers = new Map());
			handlers.set(handler, priority);
			orders.delete(name);
		},
		remove_handler(name, handler) {
			const handlers = priorities.get(name);
			if (handlers === undefined || !handlers.delete(handler)) return;
			orders.delete(name);
			if (handlers.size === 0) priorities.delete(name);
		},
	};
}
