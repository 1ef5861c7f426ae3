/**
 * Gives each taker a thing of its own, of those that it accepts, by augmenting paths: whoever comes later may have
 * earlier takers change to another thing.
 * @param accepted for each taker the things that it accepts, by number
 * @returns for each taker its thing; undefined for one that gets none, and for those after it
 */
export function assign(accepted: readonly (readonly number[])[]): (number | undefined)[] {
	const thingOf: (number | undefined)[] = accepted.map(() => undefined);
	const takerOf = new Map<number, number>();
	for (const taker of accepted.keys()) {
		const reached = reach(taker, accepted, takerOf);
		if (!reached) break;
		// Back along the path, each taker lets go of its thing for the next one.
		for (let thing: number | undefined = reached.free; thing !== undefined;) {
			const by = reached.via.get(thing);
			if (by === undefined) throw new Error("a thing was reached by no taker");
			const before: number | undefined = thingOf[by];
			thingOf[by] = thing;
			takerOf.set(thing, by);
			thing = by === taker ? undefined : before;
		}
	}
	return thingOf;
}

/** The nearest free thing if takers swap, with the taker that each thing on the way was reached by. */
function reach(taker: number, accepted: readonly (readonly number[])[], takerOf: ReadonlyMap<number, number>) {
	const via = new Map<number, number>();
	const takers = [taker];
	for (const at of takers) {
		for (const thing of accepted[at] ?? []) {
			if (via.has(thing)) continue;
			via.set(thing, at);
			const owner = takerOf.get(thing);
			if (owner === undefined) return { free: thing, via };
			takers.push(owner);
		}
	}
	return undefined;
}
