import { logText } from "./log-text";
import { paint } from "../trace/style";
import { printable } from "../trace/characters";
import { placeText, reportDifference } from "../trace/report";
import { reportFailure } from "./failure-text";
import { stepTexts } from "./steps";
import { summarise } from "./summary";
import { tableLines } from "./table";
import type { Cell } from "./table";
import type { ComparedLanes, ScenarioResult } from "./compare-scenarios";
import type { Failure } from "../lanes/failure";
import type { LaneName } from "../lanes/lane";
import type { LaneResult } from "./comparison";
import type { LogLine } from "../lanes/log";
import type { Style } from "../trace/style";

/**
 * A comparison for a person: the table, the differences below it, a summary last.
 * @param missing lines about the lanes that cannot run
 * @param showKnown shows known differences as well
 */
export function comparisonLines(
	all: readonly ScenarioResult[], compared: ComparedLanes, missing: readonly string[], showKnown: boolean, style: Style,
): string[] {
	const notes = [...new Set(all.flatMap(({ results }) => results.flatMap((result) => noteOf(result) ?? [])))];
	const rows = all.map(({ label, results }) => {
		return [{ text: printable(label) }, ...results.map((result) => cell(result, notes))];
	});
	const table = tableLines(["scenario", ...compared.lanes], rows, style);
	const noteLines = notes.map((note, index) => paint(printable(`${markOf(index)} ${note}`), "faint", style));
	const details = all.flatMap((result) => detailLines(result, showKnown, style));
	const summary = summaryLines(all, compared, missing, style);
	return [...table, ...noteLines, "", ...details, ...summary];
}

/** @param notes those of all cells (`noteOf`) */
function cell(result: LaneResult, notes: readonly string[]): Cell {
	const note = noteOf(result);
	const { text, colour } = verdict(result);
	return { text: note === undefined ? text : `${text} ${markOf(notes.indexOf(note))}`, colour };
}

function verdict({ result, pushes = 0, known }: LaneResult): Cell {
	const count = countOf(pushes);
	switch (result) {
		case "reference":
			return { text: count };
		case "agrees":
			return { text: `${count}, agrees`, colour: "green" };
		case "differs":
			return { text: `${count}, differs`, colour: "red" };
		case "failed":
			return { text: `${count}, failed`, colour: "red" };
		case "known":
			return { text: `${count}, known: ${known}`, colour: "yellow" };
		case "not run":
			return { text: "not run", colour: "faint" };
	}
}

/** What is told below the table, as it is long and the same for many: why a scenario was not run, or from when its run is. */
function noteOf({ reason, recorded }: LaneResult): string | undefined {
	return reason ?? (recorded === undefined ? undefined : `recorded with ${recorded}`);
}

function markOf(index: number): string {
	return `[${index + 1}]`;
}

/** How many pushes, in words. */
export function countOf(pushes: number): string {
	return pushes === 1 ? "1 push" : `${pushes} pushes`;
}

/** What is said after lanes that have modules from upstream, if they have any. */
export function mixText(upstream: readonly string[] = []): string {
	return upstream.length === 0 ? "" : `, with upstream's ${upstream.map((name) => `mod_${name}`).join(", ")}`;
}

/** What went wrong and what is different, and perhaps what is known to be. Each piece ends with an empty line. */
function detailLines({ scenario, results }: ScenarioResult, showKnown: boolean, style: Style): string[] {
	const { file } = scenario;
	const unexpected = results.filter(({ result }) => result === "failed" || result === "differs");
	const failures = unexpected.flatMap(({ lane, failure }) => (failure ? [{ lane, failure }] : []));
	const isSame = (a: Failure, b: Failure): boolean => a.line === b.line && a.message === b.message;
	const distinct = failures.filter((one, index) => {
		return failures.findIndex((other) => isSame(one.failure, other.failure)) === index;
	});

	const steps = stepTexts(scenario);
	const left = results.find(({ result }) => result !== "not run")?.lane;
	const differenceLines = ({ lane, against = left!, differences }: LaneResult): string[] => differences.flatMap((one) => {
		return [...reportDifference(one, { file, steps, left: against, right: lane }, style), ""];
	});
	const known = results.filter(({ result }) => showKnown && result === "known");
	return [
		...distinct.flatMap(({ failure }) => {
			const lanes = failures.filter((other) => isSame(failure, other.failure)).map(({ lane }) => lane);
			return [...reportFailure(failure, file, lanes, style), ""];
		}),
		...unexpected.flatMap(differenceLines),
		...known.flatMap((result) => [
			paint(printable(`known on ${result.lane}: ${result.known}${looksText(result)}`), "yellow", style),
			"",
			...result.failure ? [...reportFailure(result.failure, file, [result.lane], style), ""] : [],
			...differenceLines(result),
		]),
		...loggedErrors(results.filter(({ result }) => showKnown || result !== "known")).flatMap(({ line, lanes }) => [
			paint(printable(placeText(file, line.line, steps.get(line.line ?? 0))), "bold", style),
			`  logged on ${lanes.join(", ")}:`,
			...logText(line, "    ", style),
			"",
		]),
	];
}

/** The errors that were logged, each once for the lanes that logged the same during the same step. */
function loggedErrors(results: readonly LaneResult[]): { line: LogLine; lanes: LaneName[] }[] {
	const logged: { line: LogLine; lanes: LaneName[] }[] = [];
	for (const { lane, errors } of results) {
		for (const line of errors) {
			const same = logged.find((other) => !other.lanes.includes(lane) && other.line.line === line.line
				&& other.line.source === line.source && other.line.message === line.message);
			if (same) {
				same.lanes.push(lane);
			} else {
				logged.push({ line, lanes: [lane] });
			}
		}
	}
	return logged;
}

/** Where a lane is held against another than the reference, there is no fingerprint to tell. */
function looksText({ looks }: LaneResult): string {
	return looks === undefined ? "" : `, looks like ${looks}`;
}

function summaryLines(
	all: readonly ScenarioResult[], { lanes, upstream }: ComparedLanes, missing: readonly string[], style: Style,
): string[] {
	const { scenarios, agree, differ, failed, known, notRun, alone } = summarise(all);
	const counts = [
		...agree > 0 ? [paint(`${agree} ${agree === 1 ? "agrees" : "agree"}`, "green", style)] : [],
		...differ > 0 ? [paint(`${differ} ${differ === 1 ? "differs" : "differ"}`, "red", style)] : [],
		...failed > 0 ? [paint(`${failed} failed`, "red", style)] : [],
		...known > 0 ? [paint(`${known} ${known === 1 ? "differs" : "differ"} as known`, "yellow", style)] : [],
		...alone > 0 ? [`${alone} ran on one lane only`] : [],
		...notRun > 0 ? [`${notRun} not run`] : [],
	];
	return [
		`${scenarios} ${scenarios === 1 ? "scenario" : "scenarios"} on ${lanes.join(", ")}${mixText(upstream)}: ${counts.join(", ")}`,
		...missing.length > 0 ? ["Lanes that cannot run here:", ...missing.map((line) => `  ${line}`)] : [],
	];
}
