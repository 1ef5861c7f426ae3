import { entryLines } from "./lines";
import { idReplacer } from "./normalise";
import { longestCommon } from "./longest-common";
import { onWire } from "./wire";
import type { IdReplacer } from "./normalise";
import type { TraceEntry } from "./entry";

/** What went out on one lane. */
export interface Recording {
	entries: readonly TraceEntry[];
	/** The line of the scenario during whose step each entry went out, where the runner knows. */
	steps?: readonly (number | undefined)[];
	/** What the server made up and another lane will have differently (`generatedIds`, resources). */
	ids: ReadonlySet<string>;
	/** Times of the wall clock that the server wrote, such as when it delayed a message. */
	times?: ReadonlySet<string>;
}

export interface CompareOptions {
	/**
	 * Compare only what crosses the wire, whenever it does: for lanes on a real server, which has a clock of its own, and
	 * whose stores nobody sees. Stanzas to where there is no way count, as the server sends them like any other.
	 */
	wire: boolean;
}

/** One side of a difference. */
export interface Side {
	entry: TraceEntry;
	/** The entry for reading, generated ids replaced by their order of appearance: what was compared. */
	lines: readonly string[];
}

/** Something that went out on one lane and did not, or not the same, on the other. */
export interface Difference {
	/** `missing` on the right, `extra` there, or `different` from left to right: in content, time or order. */
	kind: "missing" | "extra" | "different";
	/** Seconds since the start; the left's if there is one. */
	at: number;
	/** The line of the scenario during whose step it happened, where the runner knows. */
	step?: number;
	left?: Side;
	right?: Side;
}

/** An entry on its way through the comparison. */
interface Item {
	entry: TraceEntry;
	index: number;
	step: number | undefined;
	/** The lines with every generated id blanked: what two entries are matched by. */
	shape: string;
}

interface Pair {
	left?: Item;
	right?: Item;
	/** Both have the same shape, at the same time and in the same order. */
	isAligned?: boolean;
}

/**
 * Aligns two recordings and lists where they differ, in order of time. Entries to one recipient (or writes of one
 * user's data in one store) are in order; entries to different recipients within an instant are not. A generated id
 * counts as its order of appearance: the first on either side are the same one, and so on.
 */
export function compare(leftRun: Recording, rightRun: Recording, options: CompareOptions): Difference[] {
	const [left, right] = options.wire ? [onWire(leftRun), onWire(rightRun)] : [leftRun, rightRun];
	const lefts = items(left);
	const rights = items(right);
	const pairs: Pair[] = [];
	for (const recipient of new Set([...lefts.keys(), ...rights.keys()])) {
		pairs.push(...align(lefts.get(recipient) ?? [], rights.get(recipient) ?? [], options));
	}
	pairs.sort((a, b) => atOf(a) - atOf(b) || indexOf(a) - indexOf(b));

	const names = new Names(left, right);
	return pairs.flatMap((pair): Difference[] => {
		const [leftLines, rightLines] = names.lines(pair);
		return pair.isAligned && leftLines!.join("\n") === rightLines!.join("\n") ? [] : [{
			kind: !pair.right ? "missing" : !pair.left ? "extra" : "different",
			at: atOf(pair),
			step: (pair.left ?? pair.right)!.step,
			left: pair.left && { entry: pair.left.entry, lines: leftLines! },
			right: pair.right && { entry: pair.right.entry, lines: rightLines! },
		}];
	});
}

function atOf(pair: Pair): number {
	return (pair.left ?? pair.right)!.entry.at;
}

function indexOf(pair: Pair): number {
	return (pair.left ?? pair.right)!.index;
}

/** The entries to compare, by recipient. */
function items({ entries, steps, ids }: Recording): Map<string, Item[]> {
	const replace = idReplacer(ids);
	const blank = (text: string): string => replace(text, () => "{id}");
	const compared: Item[] = [];
	entries.forEach((entry, index) => {
		compared.push({ entry, index, step: steps?.[index], shape: entryLines(entry, blank).join("\n") });
	});
	return groupBy(compared, ({ entry }) => blank(recipientOf(entry)));
}

function recipientOf(entry: TraceEntry): string {
	switch (entry.kind) {
		case "stanza":
		case "reply":
			return `${entry.kind} ${entry.to}`;
		case "http":
			return `http ${entry.to ?? entry.url}`;
		case "store":
			return `store ${entry.store} ${entry.user === undefined ? "" : `of ${entry.user}`}`;
	}
}

/** Pairs up what went to one recipient; what has no counterpart stays alone. */
function align(lefts: readonly Item[], rights: readonly Item[], options: CompareOptions): Pair[] {
	const pairs: Pair[] = [];
	const aloneLeft = new Set(lefts);
	const aloneRight = new Set(rights);
	const pair = (left: Item, right: Item, isAligned: boolean): void => {
		pairs.push({ left, right, isAligned });
		aloneLeft.delete(left);
		aloneRight.delete(right);
	};

	const instant = ({ entry }: Item): number => (options.wire ? 0 : entry.at);
	const rightByInstant = groupBy(rights, instant);
	for (const [at, here] of groupBy(lefts, instant)) {
		const there = rightByInstant.get(at) ?? [];
		for (const [l, r] of longestCommon(here.map(({ shape }) => shape), there.map(({ shape }) => shape))) {
			pair(here[l]!, there[r]!, true);
		}
	}

	const pairInOrder = <Key>(key: (item: Item) => Key): void => {
		const waiting = groupBy([...aloneRight].reverse(), key);
		for (const left of [...aloneLeft]) {
			const right = waiting.get(key(left))?.pop();
			if (right) {
				pair(left, right, false);
			}
		}
	};
	// The same at another time or place is one difference rather than two; then whatever else went out at that instant.
	pairInOrder(({ shape }) => shape);
	pairInOrder(instant);
	return [...pairs, ...[...aloneLeft].map((left) => ({ left })), ...[...aloneRight].map((right) => ({ right }))];
}

function groupBy<Key>(list: readonly Item[], key: (item: Item) => Key): Map<Key, Item[]> {
	const groups = new Map<Key, Item[]>();
	for (const item of list) {
		const group = groups.get(key(item));
		if (group) {
			group.push(item);
		} else {
			groups.set(key(item), [item]);
		}
	}
	return groups;
}

/** Numbers the generated ids of two recordings, so that ids that stand for one another have one number. */
class Names {
	private readonly left = new Map<string, string>();
	private readonly right = new Map<string, string>();
	private readonly replaceLeft: IdReplacer;
	private readonly replaceRight: IdReplacer;
	private count = 0;

	constructor(left: Recording, right: Recording) {
		this.replaceLeft = idReplacer(left.ids);
		this.replaceRight = idReplacer(right.ids);
	}

	/** The lines of both sides of a pair. Pairs are to come in order, as the first to show an id numbers it. */
	lines(pair: Pair): [string[] | undefined, string[] | undefined] {
		const left = pair.left && idsIn(pair.left.entry, this.replaceLeft);
		const right = pair.right && idsIn(pair.right.entry, this.replaceRight);
		for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index++) {
			this.number(left?.[index], right?.[index]);
		}
		return [
			pair.left && entryLines(pair.left.entry, (text) => this.replaceLeft(text, (id) => this.left.get(id)!)),
			pair.right && entryLines(pair.right.entry, (text) => this.replaceRight(text, (id) => this.right.get(id)!)),
		];
	}

	private number(left: string | undefined, right: string | undefined): void {
		const isNewLeft = left !== undefined && !this.left.has(left);
		const isNewRight = right !== undefined && !this.right.has(right);
		if (isNewLeft) {
			this.left.set(left, this.next());
		}
		if (isNewRight) {
			this.right.set(right, isNewLeft ? this.left.get(left)! : this.next());
		}
	}

	private next(): string {
		this.count++;
		return `{id ${this.count}}`;
	}
}

/** The generated ids in an entry, in order, each as often as it is there. */
function idsIn(entry: TraceEntry, replace: IdReplacer): string[] {
	const found: string[] = [];
	entryLines(entry, (text) => replace(text, (id) => {
		found.push(id);
		return id;
	}));
	return found;
}
