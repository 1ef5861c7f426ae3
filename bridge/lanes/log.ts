import type { LogEntry, LogLevel } from "../api";
import type { Stage } from "../scenario";

/** A line of the server's log. */
export interface LogLine {
	/** The line of the step during which it was logged; absent before the first. */
	line?: number;
	/** Seconds since the start. */
	at: number;
	/** How many entries the trace had by then. */
	after: number;
	source: string;
	level: LogLevel;
	message: string;
}

/** What is logged while a scenario is run. */
export class Log {
	readonly lines: LogLine[] = [];
	/** Undefined before there is one. */
	stage: Stage | undefined;
	/** The line of the step that is being performed; undefined before the first. */
	step: number | undefined;

	add({ source, level, message }: Omit<LogEntry, "at">): void {
		const { elapsed = 0, trace = [] } = this.stage ?? {};
		this.lines.push({ line: this.step, at: elapsed, after: trace.length, source, level, message });
	}
}
