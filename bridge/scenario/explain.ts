import type { Mismatch } from "./match";

const LONGEST = 200;

/** A mismatch in one line, such as `iq/enable: attribute node is "n2", expected "n1"`. */
export function explainMismatch({ path, what, expected, received }: Mismatch): string {
	if (received === undefined) return `${path}: ${what} is missing, expected ${shorten(expected ?? "")}`;
	if (expected === undefined) return `${path}: unexpected ${what}: ${shorten(received)}`;
	return `${path}: ${what} is ${shorten(received)}, expected ${shorten(expected)}`;
}

function shorten(text: string): string {
	const characters = Array.from(text.slice(0, 2 * LONGEST + 1));
	return JSON.stringify(characters.length > LONGEST ? characters.slice(0, LONGEST - 1).join("") + "…" : text);
}
