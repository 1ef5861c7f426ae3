import { paint } from "../trace/style";
import { printable } from "../trace/characters";
import { isBad } from "../spec";
import type { Paint, Style } from "../trace/style";
import type { SpecProblem, SpecResult, SpecStatus } from "../spec";

const COLOURS: Readonly<Record<SpecStatus, Paint>> = {
	success: "green",
	failure: "red",
	error: "red",
	pending: "yellow",
};

/** Results for a person: what is pending, each failure and error, and a summary. */
export function specText(results: readonly SpecResult[], seconds: number, style: Style): string[] {
	const pending = results.filter(({ status }) => status === "pending");
	return [
		...pending.flatMap((result) => [heading(result, "pending", style), ...reason(result), ""]),
		...results.filter(isBad).flatMap((result) => {
			return result.problems.flatMap((problem) => [heading(result, problem.status, style), ...details(problem), ""]);
		}),
		summary(results, seconds),
	];
}

/** Where it is written, and its name. */
function heading(result: SpecResult, status: SpecStatus, style: Style): string {
	const { names, file, line, spec, kind } = result;
	const place = file === undefined ? spec ?? kind : `${file}:${line}`;
	const name = names.length > 0 ? `: ${names.join(" ")}` : "";
	return `${paint(status, COLOURS[status], style)} ${paint(printable(`${place}${name}`), "bold", style)}`;
}

function reason({ problems: [problem] }: SpecResult): string[] {
	return problem?.message === undefined ? [] : indented(problem.message);
}

function details({ message, traceback }: SpecProblem): string[] {
	return [...indented(message ?? ""), ...traceback === "" ? [] : ["  stack traceback:", ...indented(traceback)]];
}

function indented(text: string): string[] {
	return text.split("\n").map((row) => `  ${printable(row.replace(/^\t/, "  "))}`);
}

function summary(results: readonly SpecResult[], seconds: number): string {
	const count = (status: SpecStatus): number => results.filter((result) => result.status === status).length;
	const part = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;
	return [
		part(count("success"), "success", "successes"),
		part(count("failure"), "failure", "failures"),
		part(count("error"), "error", "errors"),
		`${count("pending")} pending`,
	].join(", ") + ` (${seconds.toFixed(1)} s)`;
}
