import { writeJson } from "./json";
import type { TraceEntry } from "./entry";

/** A trace in the format in which it is stored and printed: JSON Lines, one entry a line. */
export function toJsonLines(entries: readonly TraceEntry[]): string {
	return entries.map((entry) => `${writeJson(entry)}\n`).join("");
}
