import type { Series } from "../../../bridge/server/series";

/** A rule of `mod_cloud_notify`, and changes that break it. */
export interface Rule {
	/** The option of that name, or the rule in a few words. */
	rule: string;
	/** The series that has it; absent for both. */
	series?: Series;
	/** Scenarios that show it, without `.scs`: the first to be asked. */
	shownBy: readonly string[];
	changes: readonly Change[];
}

/** A small change to the upstream module. */
export interface Change {
	/** What the changed module does, in a few words. */
	change: string;
	/** Part of the first line of the function or the handler that is changed; absent where `find` is there but once. */
	in?: string;
	/** What is replaced: it must be there exactly once. */
	find: string;
	replace: string;
}

/**
 * The source of the module with one change in it.
 * @throws Error if the change no longer fits
 */
export function mutate(source: string, { in: block, find, replace }: Change): string {
	const [start, end] = block === undefined ? [0, source.length] : extentOf(block, source);
	const at = onlyIndexOf(find, source.slice(start, end)) + start;
	return source.slice(0, at) + replace + source.slice(at + find.length);
}

/** From the line that begins a function to the one that ends it: the first `end` that is not indented. */
function extentOf(block: string, source: string): [start: number, end: number] {
	const start = onlyIndexOf(block, source);
	const length = source.slice(start).search(/^end.*$/m);
	return [start, source.indexOf("\n", start + length)];
}

function onlyIndexOf(part: string, whole: string): number {
	const count = whole.split(part).length - 1;
	if (count !== 1) {
		throw new Error(`the mutation no longer fits: ${JSON.stringify(part)} is there ${count} times`);
	}
	return whole.indexOf(part);
}
