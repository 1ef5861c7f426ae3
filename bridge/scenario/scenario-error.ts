/** What is wrong with a part of a script, told to whoever knows the file, and the line unless it is given here. */
export class Problem extends Error {
	override readonly name = "Problem";
	/** From 1, in the file. */
	readonly line: number | undefined;

	constructor(message: string, line?: number) {
		super(message);
		this.line = line;
	}
}

/** A script that cannot be read: what is wrong with it, and where. The message is one line, `FILE:LINE: PROBLEM`. */
export class ScenarioError extends Error {
	override readonly name = "ScenarioError";
	readonly file: string;
	/** From 1. */
	readonly line: number;
	/** What is wrong, and what was expected. */
	readonly problem: string;

	constructor(file: string, line: number, problem: string) {
		super(`${oneLine(file)}:${line}: ${oneLine(problem)}`);
		this.file = file;
		this.line = line;
		this.problem = oneLine(problem);
	}
}

/** Text from a script, not longer than a message can bear. */
export function shorten(text: string): string {
	const characters = Array.from(text.slice(0, 121));
	return characters.length > 60 ? characters.slice(0, 59).join("") + "…" : text;
}

/** The same in quotes. */
export function quote(text: string): string {
	return JSON.stringify(shorten(text));
}

function oneLine(text: string): string {
	return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
}
