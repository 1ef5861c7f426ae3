/** Items in the order of their coming, any of which may leave early. Plain data, to outlive a reload of the module. */
export interface Fifo<Item> {
	/** By number. */
	items: Map<number, Item>;
	/** The lowest number of an item; the next one's if there is none. */
	first: number;
	/** The number of the item that comes next. */
	next: number;
	count: number;
}

export function new_fifo<Item>(): Fifo<Item> {
	return { items: new Map<number, Item>(), first: 0, next: 0, count: 0 };
}

/** Adds an item as the last. Returns the number that it leaves by. */
export function append<Item>(fifo: Fifo<Item>, item: Item): number {
	const number = fifo.next;
	fifo.items.set(number, item);
	fifo.next++;
	fifo.count++;
	return number;
}

/** Takes out an item, if it is still there. */
export function take_out<Item>(fifo: Fifo<Item>, number: number): void {
	if (!fifo.items.has(number)) return;
	fifo.items.delete(number);
	fifo.count--;
	while (fifo.first < fifo.next && !fifo.items.has(fifo.first)) fifo.first++;
}

/** The item that came first; nil if there is none. */
export function first_of<Item>({ items, first }: Fifo<Item>): Item | undefined {
	return items.get(first);
}

/** All items, in their order. */
export function all_of<Item>(fifo: Fifo<Item>): Item[] {
	const items: Item[] = [];
	for (let number = fifo.first; number < fifo.next; number++) {
		const item = fifo.items.get(number);
		if (item !== undefined) items.push(item);
	}
	return items;
}
