import { columnsOf, padEnd, printable, widthOf } from "./characters";
import { paint } from "./style";
import { pairLines } from "./line-pairs";
import type { Paint, Style } from "./style";
import type { LinePair, Piece } from "./line-pairs";

/** Below as many columns the two sides stand one below the other. */
const NARROW = 80;
const GAP = " | ";

/** A character to print. */
interface Cell {
	character: string;
	changed: boolean;
}

/** A line as it fits the terminal: several rows where it is too long. */
type Row = Cell[];

/**
 * Two entries' lines beside one another, a mark before every line that differs: `~` changed, `<` only on the left, `>`
 * only on the right. The changed pieces are coloured, or underlined with `~` where there is no colour. A narrow
 * terminal gets the left's line above the right's, marked `<` and `>`.
 */
export function sideBySide(
	left: readonly string[], right: readonly string[], titles: readonly [left: string, right: string], style: Style,
): string[] {
	const pairs = pairLines(left.map(printable), right.map(printable));
	const rows = style.width < NARROW ? stacked(pairs, titles, style) : beside(pairs, titles, style);
	return rows.map((row) => row.trimEnd());
}

function beside(pairs: readonly LinePair[], titles: readonly [string, string], style: Style): string[] {
	const most = Math.floor((style.width - 2 - GAP.length) / 2);
	const widest = Math.max(...pairs.map(({ left }) => widthOf(textOf(left))), widthOf(titles[0]));
	const width = Math.min(most, widest);
	const out = [`  ${paint(padEnd(titles[0], width), "bold", style)}${GAP}${paint(titles[1], "bold", style)}`];
	for (const { mark, left, right } of pairs) {
		const leftRows = wrap(left, width);
		const rightRows = wrap(right, most);
		for (let index = 0; index < Math.max(leftRows.length, rightRows.length, 1); index++) {
			const l = leftRows[index] ?? [];
			const r = rightRows[index] ?? [];
			const filler = " ".repeat(width - rowWidth(l));
			const marked = paint(mark, mark === " " ? undefined : "yellow", style);
			out.push(`${marked} ${show(l, "red", style)}${filler}${GAP}${show(r, "green", style)}`);
			if (mark === "~" && !style.colour && [...l, ...r].some(({ changed }) => changed)) {
				out.push(`  ${underline(l)}${filler}${GAP}${underline(r)}`);
			}
		}
	}
	return out;
}

function stacked(pairs: readonly LinePair[], titles: readonly [string, string], style: Style): string[] {
	const width = Math.max(style.width - 2, 20);
	const out = [`< ${paint(titles[0], "bold", style)}`, `> ${paint(titles[1], "bold", style)}`];
	const add = (line: readonly Piece[], mark: string, colour: Paint | undefined, underlined: boolean): void => {
		for (const row of wrap(line, width)) {
			out.push(`${paint(mark, colour, style)} ${show(row, colour, style)}`);
			if (underlined && !style.colour && row.some(({ changed }) => changed)) {
				out.push(`  ${underline(row)}`);
			}
		}
	};
	for (const { mark, left, right } of pairs) {
		if (mark === " ") {
			add(left, " ", undefined, false);
		} else {
			add(left, "<", "red", mark === "~");
			add(right, ">", "green", mark === "~");
		}
	}
	return out;
}

function textOf(line: readonly Piece[]): string {
	return line.map(({ text }) => text).join("");
}

function rowWidth(row: Row): number {
	return row.reduce((sum, { character }) => sum + columnsOf(character), 0);
}

function show(row: Row, colour: Paint | undefined, style: Style): string {
	let out = "";
	for (let start = 0; start < row.length;) {
		let end = start;
		while (end < row.length && row[end]!.changed === row[start]!.changed) {
			end++;
		}
		const text = row.slice(start, end).map(({ character }) => character).join("");
		out += paint(text, row[start]!.changed ? colour : undefined, style);
		start = end;
	}
	return out;
}

function underline(row: Row): string {
	return row.map(({ character, changed }) => (changed ? "~" : " ").repeat(columnsOf(character))).join("");
}

/** Breaks a line where it exceeds the width, at a space if there is one late enough. What follows is indented more. */
function wrap(line: readonly Piece[], width: number): Row[] {
	const cells = line.flatMap(({ text, changed }) => [...text].map((character): Cell => ({ character, changed })));
	const firstWord = cells.findIndex(({ character }) => character !== " ");
	const indent = Math.min(firstWord + 4, Math.floor(width / 3));
	const rows: Row[] = [];
	let row: Row = [];
	let used = 0;
	for (const cell of cells) {
		if (used + columnsOf(cell.character) > width) {
			const space = row.map(({ character }) => character).lastIndexOf(" ");
			const rest = space > width / 2 ? row.splice(space + 1) : [];
			rows.push(row);
			row = [...Array.from({ length: indent }, () => ({ character: " ", changed: false })), ...rest];
			used = rowWidth(row);
		}
		row.push(cell);
		used += columnsOf(cell.character);
	}
	return row.length > 0 ? [...rows, row] : rows;
}
