import { append, first_of, new_fifo, take_out, type Fifo } from "./fifo";

/** Where in a line somebody stands. */
export interface Place {
	lane: Fifo<unknown>;
	number: number;
}

/** What stands in one line at most. */
export interface Standing {
	/** Where it waits for its turn. */
	place?: Place;
}

/** Those that wait for their turn: first the urgent ones, then the others. */
export interface Line<Item extends Standing> {
	urgent: Fifo<Item>;
	others: Fifo<Item>;
}

export function new_line<Item extends Standing>(): Line<Item> {
	return { urgent: new_fifo<Item>(), others: new_fifo<Item>() };
}

export function leave_line(item: Standing): void {
	const { place } = item;
	if (place === undefined) return;
	take_out(place.lane, place.number);
	item.place = undefined;
}

/**
 * Lets something stand at the end, unless it stands in this line already, and as it should.
 * @param in_front at the end of the urgent ones
 */
export function join_line<Item extends Standing>(line: Line<Item>, item: Item, in_front: boolean): void {
	const lane = in_front ? line.urgent : line.others;
	if (item.place?.lane === lane) return;
	leave_line(item);
	item.place = { lane, number: append(lane, item) };
}

/** Whose turn it is; nil if nothing waits. */
export function next_in_line<Item extends Standing>({ urgent, others }: Line<Item>): Item | undefined {
	return first_of(urgent) ?? first_of(others);
}
