/*
 * `os.date` in UTC: on the virtual clock nothing depends on where the machine stands.
 */

const MS_PER_DAY = 86_400_000;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
	"January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December",
];

/** The fields of Lua's date table. */
export interface DateFields {
	year: number;
	month: number;
	day: number;
	hour: number;
	min: number;
	sec: number;
	wday: number;
	yday: number;
}

function dayOfYear(date: Date): number {
	return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / MS_PER_DAY) + 1;
}

/** @param time seconds since the epoch */
export function dateFields(time: number): DateFields {
	const date = new Date(Math.floor(time) * 1000);
	return {
		year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(),
		hour: date.getUTCHours(), min: date.getUTCMinutes(), sec: date.getUTCSeconds(),
		wday: date.getUTCDay() + 1, yday: dayOfYear(date),
	};
}

function padded(value: number, width: number, fill = "0"): string {
	return String(value).padStart(width, fill);
}

/** The year and the week in it, by ISO 8601: a week belongs to the year that has its Thursday. */
function isoWeek(date: Date): { year: number; week: number } {
	const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * MS_PER_DAY);
	return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

/** Weeks since the first of them that starts on `firstWeekday`. */
function weekOfYear(date: Date, firstWeekday: number): number {
	return Math.floor((dayOfYear(date) + 6 - (date.getUTCDay() - firstWeekday + 7) % 7) / 7);
}

/** strftime's conversions in the C locale, as Lua 5.4 allows them. */
const CONVERSIONS: Record<string, string | ((date: Date) => string)> = {
	"a": (date) => WEEKDAYS[date.getUTCDay()]!.slice(0, 3),
	"A": (date) => WEEKDAYS[date.getUTCDay()]!,
	"b": (date) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
	"B": (date) => MONTHS[date.getUTCMonth()]!,
	"c": "%a %b %e %H:%M:%S %Y",
	"C": (date) => padded(Math.floor(date.getUTCFullYear() / 100), 2),
	"d": (date) => padded(date.getUTCDate(), 2),
	"D": "%m/%d/%y",
	"e": (date) => padded(date.getUTCDate(), 2, " "),
	"F": "%Y-%m-%d",
	"g": (date) => padded(isoWeek(date).year % 100, 2),
	"G": (date) => String(isoWeek(date).year),
	"h": "%b",
	"H": (date) => padded(date.getUTCHours(), 2),
	"I": (date) => padded(date.getUTCHours() % 12 || 12, 2),
	"j": (date) => padded(dayOfYear(date), 3),
	"m": (date) => padded(date.getUTCMonth() + 1, 2),
	"M": (date) => padded(date.getUTCMinutes(), 2),
	"n": () => "\n",
	"p": (date) => date.getUTCHours() < 12 ? "AM" : "PM",
	"r": "%I:%M:%S %p",
	"R": "%H:%M",
	"S": (date) => padded(date.getUTCSeconds(), 2),
	"t": () => "\t",
	"T": "%H:%M:%S",
	"u": (date) => String(date.getUTCDay() || 7),
	"U": (date) => padded(weekOfYear(date, 0), 2),
	"V": (date) => padded(isoWeek(date).week, 2),
	"w": (date) => String(date.getUTCDay()),
	"W": (date) => padded(weekOfYear(date, 1), 2),
	"x": "%D",
	"X": "%T",
	"y": (date) => padded(date.getUTCFullYear() % 100, 2),
	"Y": (date) => String(date.getUTCFullYear()),
	"z": () => "+0000",
	"Z": () => "UTC",
	"%": () => "%",
};

/**
 * @param time seconds since the epoch
 * Throws a RangeError that names a conversion that there is none of.
 */
export function formatDate(format: string, time: number): string {
	const date = new Date(Math.floor(time) * 1000);
	return format.replace(/%(.?)/gs, (whole, letter: string) => {
		const conversion = Object.hasOwn(CONVERSIONS, letter) ? CONVERSIONS[letter] : undefined;
		if (conversion === undefined) throw new RangeError(`invalid conversion specifier '${whole}'`);
		return typeof conversion === "string" ? formatDate(conversion, time) : conversion(date);
	});
}
