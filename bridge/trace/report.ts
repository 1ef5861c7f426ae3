import { paint } from "./style";
import { printable } from "./characters";
import { sideBySide } from "./side-by-side";
import type { Difference, Side } from "./compare";
import type { Style } from "./style";
import type { TraceEntry } from "./entry";

/** Where a difference was found. */
export interface Place {
	/** The scenario's file, as the reader knows it. */
	file: string;
	/** The steps of the scenario: the text of the line, by the line's number from 1. */
	steps: ReadonlyMap<number, string>;
	/** The lanes that were compared. */
	left: string;
	right: string;
}

/** A place in a scenario on one line: the file, and the step's line and text where it is in a step. */
export function placeText(file: string, line: number | undefined, step: string | undefined): string {
	return line === undefined ? file : `${file}:${line}: ${step ?? ""}`.trimEnd();
}

/** A difference as a person reads it: the step, what went out, and where the two sides differ. */
export function reportDifference(difference: Difference, place: Place, style: Style): string[] {
	const { at, step, left, right } = difference;
	const where = placeText(place.file, step, step === undefined ? undefined : place.steps.get(step));
	const what = titleOf((left ?? right)!.entry);
	const heading = paint(printable(where), "bold", style);
	if (!left || !right) {
		const lane = left ? paint(place.left, "red", style) : paint(place.right, "green", style);
		return [heading, `  ${printable(what)}, only on ${lane}, at ${seconds(at)}`, ...indented((left ?? right)!)];
	}
	const isMoved = left.entry.at !== right.entry.at;
	const when = isMoved
		? `at ${seconds(left.entry.at)} on ${place.left}, at ${seconds(right.entry.at)} on ${place.right}`
		: `at ${seconds(at)}`;
	if (left.lines.join("\n") === right.lines.join("\n")) {
		return [heading, `  ${printable(what)}, ${when}${isMoved ? "" : ", in another order"}`, ...indented(left)];
	}
	const within = { ...style, width: style.width - 2 };
	const compared = sideBySide(left.lines, right.lines, [place.left, place.right], within);
	return [heading, `  ${printable(what)}, ${when}, differs`, ...compared.map((line) => (line ? `  ${line}` : ""))];
}

/** What an entry is and where it went, in a few words. */
export function titleOf(entry: TraceEntry): string {
	switch (entry.kind) {
		case "stanza":
			return `stanza to ${entry.to}`;
		case "reply":
			return `stanza for ${entry.to}`;
		case "http":
			return `HTTP request to ${entry.to ?? entry.url}${entry.undelivered ? ", where nobody is" : ""}`;
		case "store":
			return `store ${entry.store} of ${entry.user ?? "the host"}`;
	}
}

/** A time since the start, to the millisecond. */
export function seconds(at: number): string {
	return `${Math.round(at * 1000) / 1000} s`;
}

/** A difference for a program: the entries as they were recorded. */
export interface DifferenceJson {
	kind: Difference["kind"];
	at: number;
	/** The line of the step. */
	line?: number;
	/** The step's text. */
	step?: string;
	left?: TraceEntry;
	right?: TraceEntry;
}

export function differenceToJson({ kind, at, step, left, right }: Difference, place: Place): DifferenceJson {
	const text = step === undefined ? undefined : place.steps.get(step);
	return { kind, at, line: step, step: text, left: left?.entry, right: right?.entry };
}

function indented(side: Side): string[] {
	return side.lines.map((line) => `    ${printable(line)}`);
}
