import type { Require } from "../../../bridge/api";

/**
 * The longest beginning of a text, of whole characters, that is not too long.
 * @param most how long it may be: no character counts for less than 1
 * @param measure how long a text counts, the longer the more
 */
export type Beginning = (
	this: void, text: string, most: number, measure: (this: void, text: string) => number,
) => string;

/** Text is counted here in units that depend on the host: UTF-16 units in JavaScript, bytes in Lua. */
export function text_beginning(require: Require): Beginning {
	const { utf8 } = require("util.encodings");

	/** The whole characters among the first so many units. */
	const whole_characters = (text: string, units: number): string => {
		for (let end = units; end > 0; end--) {
			// eslint-disable-next-line portable/text-by-host -- in whatever units: what ends within a character is not valid
			const start = text.substring(0, end);
			if (utf8.valid(start)) return start;
		}
		return "";
	};

	return (text, most, measure) => {
		let longest = "";
		let fitting = 0;
		let units = most;
		while (fitting < units) {
			const middle = Math.ceil((fitting + units) / 2);
			const start = whole_characters(text, middle);
			if (measure(start) <= most) {
				longest = start;
				fitting = middle;
			} else {
				units = middle - 1;
			}
		}
		return longest;
	};
}
