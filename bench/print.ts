import type { Report } from "./figures";

/** The report for a person. */
export function printReport({ node, processors, figures, verdicts, missing }: Report): string {
	const rows = figures.map(({ what, of, value, unit, spread }) =>
		[what, of, `${round(value)} ${unit}`, spread === undefined ? "" : `± ${(spread * 100).toFixed(0)} %`]);
	const results = verdicts.map(({ what, value, unit, target, ok }) =>
		[what, target, `${round(value)} ${unit}`, ok ? "ok" : "missed"]);
	const absent = missing.map(({ what, why }) => `${what} is not here: ${why}`);
	return [
		`node ${node}, ${processors}; seconds are those of computing, save in what is delivered`,
		...aligned(rows), ...aligned(results), ...absent.length > 0 ? ["", ...absent] : [],
	].join("\n");
}

/** Three digits are all that such figures are good for. */
function round(value: number): string {
	const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))));
	return value.toLocaleString("en", { maximumFractionDigits: Math.min(digits, 3) });
}

/** Rows in columns, after an empty line: the first two are text, the others numbers. */
function aligned(rows: readonly (readonly string[])[]): string[] {
	if (rows.length === 0) return [];
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
	return ["", ...rows.map((row) => row.map((cell, column) =>
		column === 2 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)).join("  ").trimEnd())];
}
