import type { Require } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";
import { number_reader, type NumberReader } from "../push/text/number";

/** Bytes of a date: `Sun, 06 Nov 1994 08:49:37 GMT`. */
const date_length = 29;
const months: readonly string[] = [
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/** @returns the seconds to wait, 0 or more; nil for what is neither a number of them nor a date */
export type RetryAfterReader = (this: void, text: string | undefined) => number | undefined;

/** Of a date as HTTP has it today (RFC 9110, 5.6.7), and XEP-0082: in UTC. */
function date_as_in_xmpp(text: string, read_number: NumberReader): string | undefined {
	const [, day = "", month = "", year = "", time = "", zone] = text.split(" ");
	const numbers = [day, ...time.split(":")];
	const at = months.findIndex((name) => name === month) + 1;
	if (at === 0 || zone !== "GMT" || numbers.length !== 4) return undefined;
	const is_number = (part: string, length: number): boolean => read_number(part, length, length) !== undefined;
	if (!is_number(year, 4) || !numbers.every((number) => is_number(number, 2))) return undefined;
	return `${year}-${at < 10 ? "0" : ""}${String(at)}-${day}T${time}Z`;
}

/** Reads the header `Retry-After` (RFC 9110, 10.2.3), which may hold anything. */
export function retry_after_reader(require: Require): RetryAfterReader {
	const length = byte_length(require);
	const datetime = require("util.datetime");
	const time = require("util.time");
	const read_number = number_reader(require);

	return (text) => {
		if (text === undefined || length(text) > date_length) return undefined;
		// What has more digits than it reads is nothing to wait for.
		const seconds = read_number(text);
		if (seconds !== undefined) return seconds;
		if (text.startsWith("-") && read_number(text.replace("-", "")) !== undefined) return 0;
		const date = date_as_in_xmpp(text, read_number);
		const at = date === undefined ? undefined : datetime.parse(date);
		return at === undefined ? undefined : Math.max(at - time.now(), 0);
	};
}
