import { paint } from "../trace/style";
import { placeText } from "../trace/report";
import { printable } from "../trace/characters";
import type { Failure } from "../lanes/failure";
import type { LaneName } from "../lanes/lane";
import type { Style } from "../trace/style";

/** A failure on one line: where, on which lane, what. */
export function failureLine({ line, message }: Failure, file: string, lane: LaneName): string {
	return printable(`${file}${line === undefined ? "" : `:${line}`}: on ${lane}: ${message}`);
}

/** A failure, the same on some lanes, for a person: the step, what is wrong, what was expected and what came. */
export function reportFailure(failure: Failure, file: string, lanes: readonly LaneName[], style: Style): string[] {
	const { line, step, message, expected, received, stack } = failure;
	const where = placeText(file, line, step);
	const shown = (title: string, text: string | undefined): string[] => {
		const rows = text?.replaceAll("\t", "  ").split("\n") ?? [];
		return text === undefined ? [] : [`  ${title}:`, ...rows.map((row) => `    ${printable(row)}`)];
	};
	return [
		paint(printable(where), "bold", style),
		`  ${paint(`failed on ${lanes.join(", ")}`, "red", style)}: ${printable(message)}`,
		...shown("expected", expected),
		...shown("received", received),
		...shown("stack", stack),
	];
}
