import { padEnd, widthOf } from "../trace/characters";
import { paint } from "../trace/style";
import type { Paint, Style } from "../trace/style";

/** A cell of a table: text, and a colour for it. */
export interface Cell {
	text: string;
	colour?: Paint;
}

/** A table as lines: the heads, then the rows, columns as wide as they must be. */
export function tableLines(heads: readonly string[], rows: readonly (readonly Cell[])[], style: Style): string[] {
	const all = [heads.map((text): Cell => ({ text, colour: "bold" })), ...rows];
	const widths = heads.map((_, column) => Math.max(...all.map((row) => widthOf(row[column]?.text ?? ""))));
	return all.map((row) => row.map(({ text, colour }, column) => {
		const isLast = column === row.length - 1;
		return paint(text, colour, style) + (isLast ? "" : padEnd(text, widths[column]!).slice(text.length));
	}).join("  ").trimEnd());
}
