import { idReplacer } from "./normalise";
import type { Recording } from "./compare";
import type { TraceEntry } from "./entry";

/**
 * What of a recording crosses the wire, the times of the wall clock taken out: nobody sees the stores of a real server,
 * nor stanzas that found no way.
 */
export function onWire({ entries, steps, ids, times }: Recording): Recording {
	const replace = idReplacer(times ?? []);
	const timeless = (entry: TraceEntry): TraceEntry => {
		return "xml" in entry ? { ...entry, xml: replace(entry.xml, () => "{time}") } : entry;
	};
	const crosses = (_: unknown, index: number): boolean => {
		const entry = entries[index]!;
		return entry.kind !== "store" && !(entry.kind === "stanza" && entry.undelivered === true);
	};
	return { entries: entries.filter(crosses).map(timeless), steps: steps?.filter(crosses), ids };
}
