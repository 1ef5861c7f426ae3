import type { Style } from "../trace/style";

/** The width of output that goes to no terminal. */
const USUAL_WIDTH = 120;

/** How output to standard output is to look: in colour only on a terminal, unless NO_COLOR (no-color.org) is set. */
export function outputStyle(options: { color: boolean }): Style {
	const { isTTY, columns } = process.stdout;
	const { NO_COLOR, TERM } = process.env;
	return {
		width: isTTY ? columns : USUAL_WIDTH,
		colour: isTTY && options.color && !NO_COLOR && TERM !== "dumb",
	};
}

/** Writes lines to standard output. */
export function print(...lines: readonly string[]): void {
	process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

/** Says on standard error's terminal, if it is one, what is being done, on one line that `clear` takes away. */
export const progress = {
	show(text: string): void {
		if (process.stderr.isTTY) {
			process.stderr.write(`\r\u001b[K${text.slice(0, process.stderr.columns - 1)}`);
		}
	},
	clear(): void {
		if (process.stderr.isTTY) {
			process.stderr.write("\r\u001b[K");
		}
	},
};
