import type { Clock } from "../api/host";
import type { DatetimeLibrary } from "../api/libraries";

const pattern = /^(\d{4})-?(\d{2})-?(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d*)?(.*)$/s;
const zone = /([+-])(\d{2}):?(\d*)/;

function parse(text: string): number | undefined {
	const match = pattern.exec(text);
	if (match === null) return undefined;
	const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
		number, number, number, number, number, number,
	];
	const [fraction = "", offset = ""] = match.slice(7);
	let seconds = Date.UTC(2000, month - 1, day, hour, minute, second);
	// A year below 100 would be taken for one of the twentieth century.
	seconds = new Date(seconds).setUTCFullYear(year + new Date(seconds).getUTCFullYear() - 2000) / 1000;
	if (fraction.length > 1) seconds += Number(fraction);
	if (offset === "" || offset === "Z") return seconds;
	const shift = zone.exec(offset);
	if (shift === null) return undefined;
	const [, sign, hours, minutes] = shift as unknown as [string, string, string, string];
	const ahead = Number(hours) * 3600 + (minutes.length === 2 ? Number(minutes) * 60 : 0);
	return sign === "+" ? seconds - ahead : seconds + ahead;
}

/** `util.datetime` (XEP-0082). Times have microseconds where they are no whole seconds, as in Prosody 13.0. */
export function createDatetime(clock: Clock): DatetimeLibrary {
	/** Date, time of the day, and the fraction of the second. */
	const split = (time = Math.floor(clock.now())): [string, string, string] => {
		const whole = Math.floor(time);
		// ISO 8601 puts a sign and zeros before a year of more than four digits.
		const iso = new Date(whole * 1000).toISOString().replace(/^\+0*/, "");
		const microseconds = Math.floor((time - whole) * 1e6);
		const fraction = time === whole ? "" : `.${String(microseconds).padStart(6, "0")}`;
		const middle = iso.indexOf("T");
		return [iso.slice(0, middle), iso.slice(middle + 1, middle + 9), fraction];
	};
	return {
		datetime(time) {
			const [date, clockTime, fraction] = split(time);
			return `${date}T${clockTime}${fraction}Z`;
		},
		date: (time) => split(time)[0],
		time(time) {
			const [, clockTime, fraction] = split(time);
			return clockTime + fraction;
		},
		parse,
	};
}
