import type { Require } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";

const digits = "0123456789";
/** Of a number of seconds: what is longer is nothing to wait for. */
const most_digits = 9;
/** Bytes of a date: `Sun, 06 Nov 1994 08:49:37 GMT`. */
const date_length = 29;
const months: readonly string[] = [
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/** @returns the seconds to wait, 0 or more; nil for what is neither a number of them nor a date */
export type RetryAfterReader = (this: void, text: string | undefined) => number | undefined;

/** Whether a text is made of so many digits. */
function is_number(text: string, most: number, least = 1): boolean {
	const characters = text.split("");
	return characters.length >= least && characters.length <= most
		&& characters.every((character) => digits.includes(character));
}

/** Of a date as HTTP has it today (RFC 9110, 5.6.7), and XEP-0082: in UTC. */
function date_as_in_xmpp(text: string): string | undefined {
	const [, day = "", month = "", year = "", time = "", zone] = text.split(" ");
	const numbers = [day, ...time.split(":")];
	const at = months.findIndex((name) => name === month) + 1;
	if (at === 0 || zone !== "GMT" || numbers.length !== 4) return undefined;
	if (!is_number(year, 4, 4) || !numbers.every((number) => is_number(number, 2, 2))) return undefined;
	return `${year}-${at < 10 ? "0" : ""}${String(at)}-${day}T${time}Z`;
}

/** Reads the header `Retry-After` (RFC 9110, 10.2.3), which may hold anything. */
export function retry_after_reader(require: Require): RetryAfterReader {
	const length = byte_length(require);
	const datetime = require("util.datetime");
	const time = require("util.time");

	return (text) => {
		if (text === undefined || length(text) > date_length) return undefined;
		if (is_number(text, most_digits)) return Number(text);
		if (text.startsWith("-") && is_number(text.split("").slice(1).join(""), most_digits)) return 0;
		const date = date_as_in_xmpp(text);
		const at = date === undefined ? undefined : datetime.parse(date);
		return at === undefined ? undefined : Math.max(at - time.now(), 0);
	};
}
