import type { Host, LuaTable1, SmacksQueue, Stanza } from "../../api";

/** What became of an acknowledgement: the stanzas that it takes off the queue, or what is wrong with its count. */
export type Acknowledged = Stanza[] | "head" | "tail";

/** The whole interface of `util.smqueue`, of which modules use the part in `SmacksQueue`. */
export interface StreamQueue extends SmacksQueue {
	/** @param h how many stanzas the client has handled in all */
	ack(h: number): Acknowledged;
	/** Nothing that is unacknowledged has been dropped. */
	resumable(): boolean;
	/** Takes all stanzas out, oldest first. */
	consume(): Stanza[];
}

/**
 * The stanzas of a session that the client has not acknowledged: the last `size` of them, and counts that go on when
 * older ones are dropped.
 */
export function createStreamQueue(host: Host, size: number): StreamQueue {
	if (!(size > 0)) throw new Error(`smacks_max_queue_size must be above 0, not ${size}`);
	let kept: Stanza[] = [];
	/** Sent in all, and acknowledged of them. */
	let head = 0;
	let tail = 0;

	return host.table<StreamQueue>({
		push: (stanza) => {
			head += 1;
			kept.push(stanza);
			if (kept.length > size) kept.shift();
		},
		ack: (h) => {
			if (h < tail) return "tail";
			if (h > head) return "head";
			tail = h;
			const excess = kept.length - (head - tail);
			return excess > 0 ? kept.splice(0, excess) : [];
		},
		count_unacked: () => head - tail,
		count_acked: () => tail,
		resumable: () => kept.length >= head - tail,
		consume: () => {
			const all = kept;
			kept = [];
			return all;
		},
		table: (): LuaTable1<Stanza> => host.table([...kept]),
	});
}
