/** Something measured. */
export interface Figure {
	/** What was measured, such as `pushes a second`. */
	what: string;
	/** Of which lane, or under which load. */
	of: string;
	value: number;
	unit: string;
	/** How far half of the samples are from the value at most, as a part of it; absent if there is but one. */
	spread?: number;
}

/** What matters about figures, held against its target. */
export interface Verdict {
	what: string;
	value: number;
	unit: string;
	target: string;
	ok: boolean;
}

/** All that was measured in one run. */
export interface Report {
	node: string;
	processors: string;
	figures: Figure[];
	verdicts: Verdict[];
	/** What could not be measured here, and why. */
	missing: { what: string; why: string }[];
}

/** The median of samples, and their median distance from it as a part of it. */
export function summary(samples: readonly number[]): { value: number; spread: number } {
	const value = median(samples);
	return { value, spread: median(samples.map((sample) => Math.abs(sample - value))) / value };
}

function median(samples: readonly number[]): number {
	const sorted = [...samples].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A ratio that should be at least so much. */
export function atLeast(what: string, value: number, least: number, unit = "×"): Verdict {
	return { what, value, unit, target: `at least ${least} ${unit}`, ok: value >= least };
}

/** A ratio that should be at most so much. */
export function atMost(what: string, value: number, most: number, unit = "×"): Verdict {
	return { what, value, unit, target: `at most ${most} ${unit}`, ok: value <= most };
}

/** A figure that should be less than so much. */
export function lessThan(what: string, value: number, limit: number, unit = "×"): Verdict {
	return { what, value, unit, target: `less than ${limit} ${unit}`, ok: value < limit };
}
