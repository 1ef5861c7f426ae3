/** What the output goes to. */
export interface Style {
	/** In columns. */
	width: number;
	colour: boolean;
}

export type Paint = "red" | "green" | "yellow" | "bold" | "faint";

const CODES: Readonly<Record<Paint, readonly [on: number, off: number]>> = {
	red: [31, 39],
	green: [32, 39],
	yellow: [33, 39],
	bold: [1, 22],
	faint: [2, 22],
};

/** Text in a colour (ECMA-48), or as it is where colour is not wanted. */
export function paint(text: string, colour: Paint | undefined, style: Style): string {
	if (!style.colour || colour === undefined || text === "") {
		return text;
	}
	const [on, off] = CODES[colour];
	return `\u001b[${on}m${text}\u001b[${off}m`;
}
