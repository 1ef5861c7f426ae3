import { longestCommon } from "./longest-common";

/** A piece of a line; `changed` if the other side's line has it otherwise. */
export interface Piece {
	text: string;
	changed: boolean;
}

/** Two lines that belong together. Both are there unless `mark` says that one side lacks it. */
export interface LinePair {
	/** The same, changed, only on the left, only on the right. */
	mark: " " | "~" | "<" | ">";
	left: Piece[];
	right: Piece[];
}

const HEAD = /^\s*(?:<\/?[^\s/>]+|"(?:[^"\\]|\\.)*":)?/;
const WORDS = /[^\s=<>"]+="[^"]*"|[\p{L}\p{N}_]+|\s+|[^]/gu;

/**
 * Brings together the lines of two entries. Lines that differ but start the same element (or member) are a pair whose
 * differing pieces are marked.
 */
export function pairLines(left: readonly string[], right: readonly string[]): LinePair[] {
	const pairs: LinePair[] = [];
	let [l, r] = [0, 0];
	for (const [nextLeft, nextRight] of [...longestCommon(left, right), [left.length, right.length] as const]) {
		pairs.push(...pairChanged(left.slice(l, nextLeft), right.slice(r, nextRight)));
		if (nextLeft < left.length) {
			const same = [{ text: left[nextLeft]!, changed: false }];
			pairs.push({ mark: " ", left: same, right: same });
		}
		[l, r] = [nextLeft + 1, nextRight + 1];
	}
	return pairs;
}

function pairChanged(left: readonly string[], right: readonly string[]): LinePair[] {
	const head = (line: string): string => HEAD.exec(line)![0];
	const pairs: LinePair[] = [];
	let [l, r] = [0, 0];
	const common = longestCommon(left.map(head), right.map(head));
	for (const [nextLeft, nextRight] of [...common, [left.length, right.length] as const]) {
		for (; l < nextLeft; l++) {
			pairs.push({ mark: "<", left: [{ text: left[l]!, changed: true }], right: [] });
		}
		for (; r < nextRight; r++) {
			pairs.push({ mark: ">", left: [], right: [{ text: right[r]!, changed: true }] });
		}
		if (nextLeft < left.length) {
			pairs.push(changedPair(left[l++]!, right[r++]!));
		}
	}
	return pairs;
}

function changedPair(left: string, right: string): LinePair {
	const leftWords = left.match(WORDS) ?? [];
	const rightWords = right.match(WORDS) ?? [];
	const common = longestCommon(leftWords, rightWords);
	return {
		mark: "~",
		left: pieces(leftWords, new Set(common.map(([index]) => index))),
		right: pieces(rightWords, new Set(common.map(([, index]) => index))),
	};
}

function pieces(words: readonly string[], common: ReadonlySet<number>): Piece[] {
	const joined: Piece[] = [];
	words.forEach((text, index) => {
		const changed = !common.has(index);
		const last = joined[joined.length - 1];
		if (last?.changed === changed) {
			last.text += text;
		} else {
			joined.push({ text, changed });
		}
	});
	return joined;
}
