import type { StoredMessage } from "../accounts";

/** Which messages of an archive are wanted (XEP-0313, 4; XEP-0059). */
export interface ArchiveQuery {
	/** Seconds since the epoch, both inclusive. */
	start?: number;
	end?: number;
	/** Bare JID of the other side. */
	with?: string;
	ids?: ReadonlySet<string>;
	before?: string;
	after?: string;
	/** Newest first. */
	reverse?: boolean;
	limit: number;
}

/** A page of messages, and how many there are in all; nil if `before` or `after` names no message. */
export function findMessages(archive: readonly StoredMessage[], query: ArchiveQuery):
	{ page: StoredMessage[]; total: number } | undefined {
	const matching = archive.filter((message) =>
		(query.with === undefined || message.with === query.with) &&
		(query.start === undefined || message.when >= query.start) &&
		(query.end === undefined || message.when <= query.end) &&
		(query.ids === undefined || query.ids.has(message.id)));
	const ordered = query.reverse ? [...matching].reverse() : matching;
	const [from, to] = query.reverse ? [query.before, query.after] : [query.after, query.before];
	const position = (id: string) => ordered.findIndex((message) => message.id === id);
	const first = from === undefined ? 0 : position(from) + 1;
	if (from !== undefined && first === 0) return undefined;
	const last = to === undefined ? -1 : position(to);
	const page = ordered.slice(first, last < 0 ? undefined : Math.max(first, last)).slice(0, query.limit);
	return { page, total: matching.length };
}
