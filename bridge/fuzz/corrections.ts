import type { Series } from "../server/series";

/** One change to the source of an original. */
export interface Edit {
	/** Only to originals of this series. */
	series?: Series;
	/** The text of the original that is replaced, or that something is put before or after. */
	at: string;
	how: "replace" | "before" | "after";
	/** What is put there. */
	text: string;
	/** How often the text must be there. */
	times: number;
}

/** What makes an original do as ours does in one respect: a known difference, or what several of them need. */
export interface Correction {
	/** The heading in `spec/DIFFERENCES.md`; undefined for what is needed in any case. */
	id: string | undefined;
	edits: readonly Edit[];
}

/** Corrections that cannot be read, or that do not fit the original. One line. */
export class CorrectionError extends Error {
	override readonly name = "CorrectionError";
}

/** A piece of the original and what takes its place. */
interface Patch {
	from: number;
	to: number;
	text: string;
	order: number;
	where: string;
}

/**
 * Applies corrections to the source of an original. Each edit is found in the source as it was, so that any of the
 * differences can be left out.
 * @param file the corrections' name, for messages
 * @throws CorrectionError where a text is not there as often as it must be, or two edits overlap
 */
export function correct(
	source: string, corrections: readonly Correction[], series: Series | undefined, file: string,
): string {
	const patches = corrections.flatMap(({ id, edits }, order) => edits.flatMap((edit, index): Patch[] => {
		if (edit.series !== undefined && edit.series !== series) return [];
		const where = `${file}: ${id === undefined ? "common" : `difference ${JSON.stringify(id)}`}, edit ${index + 1}`;
		const found = placesOf(edit.at, source);
		if (found.length !== edit.times) {
			throw new CorrectionError(`${where}: its text is in the original ${found.length} times, not ${edit.times}: `
				+ JSON.stringify(edit.at.length > 60 ? `${edit.at.slice(0, 59)}…` : edit.at));
		}
		return found.map((start) => {
			const end = start + edit.at.length;
			const from = edit.how === "after" ? end : start;
			return { from, to: edit.how === "replace" ? end : from, text: edit.text, order, where };
		});
	})).sort((a, b) => a.from - b.from || a.to - b.to || a.order - b.order);

	let corrected = "";
	let end = 0;
	let before: Patch | undefined;
	for (const patch of patches) {
		if (before && patch.from < end) throw new CorrectionError(`${patch.where} overlaps with ${before.where}`);
		corrected += source.slice(end, patch.from) + patch.text;
		end = patch.to;
		before = patch;
	}
	return corrected + source.slice(end);
}

function placesOf(text: string, source: string): number[] {
	const places: number[] = [];
	for (let at = source.indexOf(text); at >= 0; at = source.indexOf(text, at + text.length)) places.push(at);
	return places;
}
