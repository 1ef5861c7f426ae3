/** Things of one kind together, kinds and things in the order in which they come. */
export function grouped<Thing>(things: readonly Thing[], kind: (thing: Thing) => string): Map<string, Thing[]> {
	const groups = new Map<string, Thing[]>();
	for (const thing of things) {
		const group = groups.get(kind(thing));
		if (group) group.push(thing);
		else groups.set(kind(thing), [thing]);
	}
	return groups;
}
