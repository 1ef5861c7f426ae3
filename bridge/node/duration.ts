const DAY = 86400;

/** Seconds by the abbreviations that Prosody takes; words count by their first letters. */
const units: ReadonlyMap<string, number> = new Map([
	["s", 1], ["min", 60], ["h", 3600], ["ho", 3600], ["d", DAY], ["w", 7 * DAY], ["mon", 31 * DAY],
	["y", 365.2425 * DAY],
]);

/** Units that can be taken for two. `m` is a month, as `mo` is. */
const ambiguousUnits: ReadonlyMap<string, number> = new Map([
	["m", 31 * DAY], ["mo", 31 * DAY], ["mi", 60],
]);

/** Seconds in text such as `2 days` or `30min`; undefined if the unit is missing, unknown or ambiguous. */
export function parseDuration(text: string): number | undefined {
	const match = /(\d+)[ \t\n\v\f\r]*([smhdwy]?[io]?n?)/.exec(text.toLowerCase());
	const unit = units.get(match?.[2] ?? "");
	return unit === undefined ? undefined : Number(match![1]) * unit;
}

/** The same, but a unit that is missing is a second, and one that is ambiguous is guessed. */
export function parseDurationLax(text: string): number | undefined {
	const match = /(\d+)[ \t\n\v\f\r]*([smhdwy]?[io]?)/.exec(text.toLowerCase());
	if (match === null) return undefined;
	const unit = match[2]!;
	return Number(match[1]) * (ambiguousUnits.get(unit) ?? units.get(unit) ?? 1);
}
