import type { FiltersLibrary } from "../api/libraries";
import type { Session } from "../api/session";

type Filter = (this: void, data: never, session: Session) => unknown;
type ApplyFilters = (this: void, type: string, data: unknown) => unknown;

/** What the library keeps on a session, as Prosody's does. */
interface FilteredSession extends Session {
	filter?: ApplyFilters;
	/** By type, those of a higher priority first. */
	filters?: Map<string, { filter: Filter; priority: number }[]>;
}

function initialize(session: FilteredSession): ApplyFilters {
	const filters = session.filters ??= new Map();
	return session.filter ??= (type, data) => {
		for (const { filter } of filters.get(type) ?? []) {
			data = filter(data as never, session);
			if (data === undefined) break;
		}
		return data;
	};
}

/** `util.filters`. */
export const filtersLibrary: FiltersLibrary = {
	initialize,
	add_filter(session: FilteredSession, type, filter, priority = 0) {
		initialize(session);
		const filters = session.filters!.get(type) ?? [];
		if (filters.some((added) => added.filter === filter)) return;
		const later = filters.findIndex((added) => added.priority < priority);
		const place = later < 0 ? filters.length : later;
		// A new list each time: filters that are at work go on with the old one.
		session.filters!.set(type, [...filters.slice(0, place), { filter, priority }, ...filters.slice(place)]);
	},
	remove_filter(session: FilteredSession, type, filter) {
		const filters = session.filters?.get(type);
		if (filters !== undefined) session.filters!.set(type, filters.filter((added) => added.filter !== filter));
	},
};
