import { countOf } from "./comparison-text";
import { paint } from "../trace/style";
import { progress as line } from "./terminal";
import type { Progress } from "../fuzz/fuzz";
import type { Style } from "../trace/style";

/** Milliseconds between two lines where standard error is no terminal, and between two states of the line if it is. */
const BETWEEN_LINES = 10_000;
const BETWEEN_LOOKS = 100;

/** Tells on standard error how far a long run is: on a terminal on one line, else on a line every ten seconds. */
export class Ticker {
	readonly #runs: number;
	#last = performance.now();

	/** @param runs how many there are to be */
	constructor(runs: number) {
		this.#runs = runs;
	}

	show(progress: Progress): void {
		const now = performance.now();
		const { isTTY } = process.stderr;
		if (now - this.#last < (isTTY ? BETWEEN_LOOKS : BETWEEN_LINES)) return;
		this.#last = now;
		const text = this.#text(progress);
		if (isTTY) line.show(text);
		else process.stderr.write(`${text}\n`);
	}

	clear(): void {
		line.clear();
	}

	#text({ runs, agreed, known, findings, seconds }: Progress): string {
		const rate = runs / seconds;
		const left = (this.#runs - runs) / rate;
		return `${runs} of ${this.#runs} runs, ${rate.toFixed(1)} a second: ${agreed} agree, ${known} differ as known, `
			+ `${findings} found; ${durationText(left)} left`;
	}
}

function durationText(seconds: number): string {
	if (seconds < 90) return `${Math.ceil(seconds)} s`;
	return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/**
 * How it went, for a person.
 * @param again a command that shows the first finding again
 */
export function summaryLines(progress: Progress, seed: number, again: string | undefined, style: Style): string[] {
	const { runs, agreed, known, findings, pushes, sampled, shown, seconds } = progress;
	const counts = [
		paint(`${agreed} agree`, "green", style),
		...known > 0 ? [paint(`${known} differ as known`, "yellow", style)] : [],
		...findings > 0 ? [paint(`${findings} differ`, "red", style)] : [],
	];
	const ids = [...shown].sort((a, b) => b[1] - a[1]).map(([id, count]) => `${id} ${count}`);
	return [
		`${runs} runs, ${countOf(pushes)}, ${(runs / seconds).toFixed(1)} runs a second, seed ${seed}: ${counts.join(", ")}`,
		...sampled > 0 ? [`Known differences, in a sample of ${sampled}: ${ids.join(", ") || "none that shows alone"}`] : [],
		...again === undefined ? [] : [`To see it again: ${again}`],
	];
}
