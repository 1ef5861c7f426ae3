const SECONDS = { second: 1, minute: 60, hour: 3600 } as const;

/** The longest time that may pass in one step: about 30 years, in seconds. */
export const LONGEST_DURATION = 1e9;

/**
 * The seconds of `2 seconds`, `1.5 minutes` or `1 hour`.
 * @returns undefined if it is no duration, or longer than LONGEST_DURATION
 */
export function parseDuration(text: string): number | undefined {
	const parts = /^(\d+(?:\.\d+)?) (second|minute|hour)s?$/.exec(text);
	if (!parts) return undefined;
	const seconds = Number(parts[1]) * SECONDS[parts[2] as keyof typeof SECONDS];
	return seconds <= LONGEST_DURATION ? seconds : undefined;
}
