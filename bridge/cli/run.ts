import { EXIT, withFile } from "./errors";
import { checkScenarios, readScenarios, statusesFor } from "./scenario-files";
import { chooseLanes, places } from "./lane-options";
import { countOf, mixText } from "./comparison-text";
import { countPushes } from "../trace/pushes";
import { entryLines } from "../trace/lines";
import { isLogged, logText } from "./log-text";
import { failureLine, reportFailure } from "./failure-text";
import { outputStyle, print } from "./terminal";
import { paint } from "../trace/style";
import { printable } from "../trace/characters";
import { knownOnLane, modelOf, reasonNotToRun } from "../lanes/applies";
import { runOnLane } from "../lanes/run";
import { seconds, titleOf } from "../trace/report";
import { ServerPool } from "../prosody/pool";
import { toJsonLines } from "../trace/json-lines";
import { writeFileSync } from "node:fs";
import type { LaneName } from "../lanes/lane";
import type { LaneRun } from "../lanes/run";
import type { LogLevel } from "../api";
import type { PlaceOptions } from "./lane-options";
import type { Scenario } from "../scenario";
import type { Style } from "../trace/style";

export interface RunOptions extends PlaceOptions {
	/** `ts@node` if absent. */
	lane?: LaneName;
	/** The least grave lines of the server's log that are shown. */
	log: LogLevel;
	/** A file, or `-` for standard output. */
	trace?: string;
	color: boolean;
}

/**
 * `prosody-push run`: runs scenarios on one lane and shows what happened, or prints the trace and nothing else.
 * @returns the exit status
 */
export async function runCommand(paths: readonly string[], options: RunOptions): Promise<number> {
	const lane = options.lane ?? "ts@node";
	const files = readScenarios(paths);
	const where = places(options);
	chooseLanes([lane], where, statusesFor(files, where));
	await checkScenarios(files, [lane], where, options.lane !== undefined);

	const style = outputStyle(options);
	const { trace } = options;
	const isTraceOnly = trace === "-";
	if (trace !== undefined && !isTraceOnly) {
		// Before anything else, as it may not be possible.
		withFile(trace, "write", () => writeFileSync(trace, ""));
	}
	const traces: string[] = [];
	let status: number = EXIT.ok;
	const servers = new ServerPool(1);
	try {
		for (const { scenario } of files) {
			const reason = reasonNotToRun(scenario, lane, where);
			if (reason !== undefined) {
				const line = printable(`${scenario.file}: not run on ${lane} (${reason})`);
				if (isTraceOnly) {
					process.stderr.write(`${line}\n`);
				} else {
					print(line, "");
				}
				continue;
			}
			const run = await runOnLane(scenario, lane, where, servers);
			const known = (knownOnLane(scenario, lane, where) ?? modelOf(lane, scenario, where)?.known)?.id;
			if (run.failure && known === undefined) {
				status = EXIT.differs;
			}
			traces.push(toJsonLines(run.recording.entries));
			if (!isTraceOnly) {
				const heading = headingOf(scenario, lane, run, where.upstream);
				print(...runLines(heading, scenario, lane, run, known, options.log, style), "");
			} else if (run.failure) {
				process.stderr.write(`${failureLine(run.failure, scenario.file, lane)}\n`);
			}
		}
	} finally {
		await servers.close();
	}
	if (isTraceOnly) {
		process.stdout.write(traces.join(""));
	} else if (trace !== undefined) {
		withFile(trace, "write", () => writeFileSync(trace, traces.join("")));
	}
	return status;
}

/** What was run, and on what. */
function headingOf(
	{ file, title }: Scenario, lane: LaneName, { recorded }: LaneRun, upstream: readonly string[] | undefined,
): string {
	const where = `${lane}${recorded === undefined ? "" : ` (recorded with ${recorded})`}${mixText(upstream)}`;
	return `${file} on ${where}${title === undefined ? "" : `: ${title}`}`;
}

/** What happened, step by step, below a heading. */
function runLines(
	heading: string, scenario: Scenario, lane: LaneName, { recording, log, failure }: LaneRun, known: string | undefined,
	level: LogLevel, style: Style,
): string[] {
	const { entries, steps } = recording;
	const width = String(scenario.steps.at(-1)!.line).length;
	const last = failure ? failure.line ?? 0 : Infinity;
	const during = (step: number | undefined): string[] => {
		const indent = " ".repeat(width + 6);
		const logged = log.filter((line) => line.line === step && isLogged(line, level)).map((line) => ({
			before: line.after, lines: logText(line, indent, style),
		}));
		const sent = entries.flatMap((entry, index) => steps?.[index] !== step ? [] : [{
			// After what was logged when it had not gone out.
			before: index + 0.5,
			lines: [
				paint(printable(`${indent}${seconds(entry.at)}: ${titleOf(entry)}`), "bold", style),
				...entryLines(entry, (text) => text).map((row) => `${indent}  ${printable(row)}`),
			],
		}]);
		return [...logged, ...sent].sort((a, b) => a.before - b.before).flatMap(({ lines: rows }) => rows);
	};
	const lines = scenario.steps.filter(({ line }) => line <= last).flatMap(({ line, text }) => [
		`${String(line).padStart(width + 2)}  ${printable(text)}`,
		...during(line),
	]);
	const verdict = !failure ? paint("all expectations met", "green", style)
		: known === undefined ? paint("failed", "red", style) : paint(`failed as known: ${known}`, "yellow", style);
	return [
		paint(printable(heading), "bold", style),
		...during(undefined),
		...lines,
		...failure ? reportFailure(failure, scenario.file, [lane], style) : [],
		`${countOf(countPushes(entries))}; ${verdict}`,
	];
}
