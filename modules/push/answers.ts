import type { CacheLibrary, ModuleApi, Stanza } from "../../bridge/api";

/** How many requests may wait for their answers; the oldest is given up then. */
const waiting_requests = 1000;

/** Told the answer to a request: an IQ of type `result` or `error`. */
export type Answered = (this: void, answer: Stanza) => void;

interface Waiting {
	to: string | undefined;
	on_answer: Answered;
}

/**
 * Sends IQs of which many are under way at once. `send_iq` would hook two events, start a timer and make a promise for
 * each, which costs more than the rest of a push; in 0.12 it fails on an error without `<error/>`, and keeps what it
 * gave up for two minutes. This hears the answers to all by one hook, at which Prosody looks before it fires the events
 * for single ids, and keeps no more than it can hold.
 * @returns sends an IQ, which must have an id of its own; its answer is heard once, and only from whom it was sent to
 */
export function answered_requests(
	module: ModuleApi, cache: CacheLibrary,
): (this: void, iq: Stanza, on_answer: Answered) => void {
	const waiting = cache.new<Waiting>(waiting_requests);

	module.hook("iq/host", ({ stanza }) => {
		const { id, type, from } = stanza.attr;
		if (id === undefined || (type !== "result" && type !== "error")) return undefined;
		const request = waiting.get(id);
		if (request === undefined || request.to !== from) return undefined;
		waiting.set(id, undefined);
		request.on_answer(stanza);
		return true;
	}, 1);

	return (iq, on_answer) => {
		const { id, to } = iq.attr;
		if (id !== undefined) waiting.set(id, { to, on_answer });
		module.send(iq);
	};
}
