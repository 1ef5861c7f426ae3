/** How JSON is written. */
export interface JsonStyle {
	/** Sorts the members of objects by name, so that equal data has equal text. */
	sorted?: boolean;
	/** Writes one member or item a line. */
	lines?: boolean;
	/** Applied to every text, names of members included. */
	text?: (text: string) => string;
}

interface Container {
	/** Still to write, last first. */
	items: { label: string; value: unknown }[];
	close: string;
	first: boolean;
}

/** The deepest indentation: stored data may nest thousands of levels deep. */
const DEEPEST = 24;

/** Two spaces a level. */
export function indentation(depth: number): string {
	return "  ".repeat(Math.min(depth, DEEPEST));
}

/** JSON text of plain data, as JSON.stringify writes it, but of data that nests as deep as it likes. */
export function writeJson(data: unknown, style: JsonStyle = {}): string {
	const text = (value: string): string => JSON.stringify(style.text ? style.text(value) : value);
	const open: Container[] = [];
	const parts: string[] = [];
	const start = (value: unknown): void => {
		if (typeof value !== "object" || value === null) {
			parts.push(typeof value === "string" ? text(value) : JSON.stringify(value) ?? "null");
			return;
		}
		const isList = Array.isArray(value);
		const items = isList
			? value.map((item: unknown) => ({ label: "", value: item }))
			: members(value, style.sorted).map(([name, member]) => ({
				label: `${text(name)}:${style.lines ? " " : ""}`,
				value: member,
			}));
		parts.push(isList ? "[" : "{");
		open.push({ items: items.reverse(), close: isList ? "]" : "}", first: true });
	};
	start(data);
	for (let container = open[open.length - 1]; container; container = open[open.length - 1]) {
		const item = container.items.pop();
		if (item) {
			parts.push(container.first ? "" : ",", style.lines ? `\n${indentation(open.length)}` : "", item.label);
			container.first = false;
			start(item.value);
		} else {
			open.pop();
			parts.push(style.lines && !container.first ? `\n${indentation(open.length)}` : "", container.close);
		}
	}
	return parts.join("");
}

function members(value: object, sorted: boolean | undefined): [string, unknown][] {
	const all = Object.entries(value).filter(([, member]) => member !== undefined);
	return sorted ? all.sort(([a], [b]) => (a < b ? -1 : 1)) : all;
}
