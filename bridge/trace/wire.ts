import { idReplacer } from "./normalise";
import { inTheClear } from "./push2";
import type { Recording } from "./compare";
import type { TraceEntry } from "./entry";

/**
 * What of a recording goes out from the server, whether or not there is a way to where it goes, the times of the wall
 * clock taken out: nobody sees the stores of a real server, nor what it would have requested of somebody who is not there.
 */
export function onWire({ entries, steps, ids, times }: Recording): Recording {
	const replace = idReplacer(times ?? []);
	const timeless = (entry: TraceEntry): TraceEntry => {
		const clear = inTheClear(entry);
		return "xml" in clear ? { ...clear, xml: replace(clear.xml, () => "{time}") } : clear;
	};
	const goesOut = (_: unknown, index: number): boolean => {
		const entry = entries[index]!;
		return entry.kind === "http" ? !entry.undelivered : entry.kind !== "store";
	};
	return { entries: entries.filter(goesOut).map(timeless), steps: steps?.filter(goesOut), ids };
}
