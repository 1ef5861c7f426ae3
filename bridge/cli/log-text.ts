import { CommandError } from "./errors";
import { paint } from "../trace/style";
import { printable } from "../trace/characters";
import { seconds } from "../trace/report";
import type { LogLevel } from "../api";
import type { LogLine } from "../lanes/log";
import type { Style } from "../trace/style";

/** From the gravest on, as Prosody has them. */
const LOG_LEVELS = ["error", "warn", "info", "debug"] as const satisfies readonly LogLevel[];

/**
 * A level by its name.
 * @throws CommandError
 */
export function parseLogLevel(name: string): LogLevel {
	const level = LOG_LEVELS.find((other) => other === name);
	if (!level) {
		throw new CommandError(`no log level is called ${JSON.stringify(name)}: expected one of ${LOG_LEVELS.join(", ")}`);
	}
	return level;
}

/** Whether a line is as grave as that, or graver. */
export function isLogged({ level }: LogLine, least: LogLevel): boolean {
	return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(least);
}

/** A line of the log for a person; what follows in its message, such as a traceback, on lines of its own. */
export function logText({ at, source, level, message }: LogLine, indent: string, style: Style): string[] {
	const [first = "", ...rest] = message.replaceAll("\t", "  ").split("\n");
	const colour = level === "error" ? "red" : level === "warn" ? "yellow" : "faint";
	return [
		`${indent}${seconds(at)}: ${paint(level, colour, style)} ${printable(`${source}: ${first}`)}`,
		...rest.map((row) => `${indent}  ${printable(row)}`),
	];
}
