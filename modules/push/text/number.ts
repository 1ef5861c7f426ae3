import type { Require } from "../../../bridge/api";
import { byte_length } from "./bytes";

const digits = "0123456789";
/** An integer of 32 bits has room for them all. */
const most_digits = 9;

/**
 * The whole number that a text of digits and nothing else is: what else may be a number differs from host to host.
 * @param most how many digits it may have; 9 if absent
 * @param least how many digits it must have; 1 if absent
 * @returns nil for all else
 */
export type NumberReader = (this: void, text: string | undefined, most?: number, least?: number) => number | undefined;

export function number_reader(require: Require): NumberReader {
	const length = byte_length(require);
	return (text, most = most_digits, least = 1) => {
		if (text === undefined) return undefined;
		const bytes = length(text);
		if (bytes < least || bytes > most) return undefined;
		return text.split("").every((character) => digits.includes(character)) ? Number(text) : undefined;
	};
}
