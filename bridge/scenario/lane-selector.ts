import { Problem, quote } from "./scenario-error";

const LANES = [
	"ts@node", "ts@fengari", "lua@fengari", "original@fengari", "lua@prosody", "original@prosody",
] as const;
const HOSTS = ["node", "fengari", "prosody"] as const;

/** A lane: what runs where, as in `original@fengari`. */
export type LaneName = typeof LANES[number];

/** The lanes that part of a tag means. */
export interface LaneSelector {
	/** `LANE` or, where a tag takes it, `HOST`; as written. */
	text: string;
	lanes: readonly LaneName[];
	/** Only those with Prosody's code of this series, such as `0.12` or `13.0`. */
	series?: string;
}

/**
 * Reads `IMPLEMENTATION@HOST` or, if allowed, `HOST` alone. Where Prosody's own code runs, as the original or as the
 * server, a series of it may follow: `original@fengari/13.0`.
 * @throws Problem
 */
export function parseLaneSelector(text: string, mayBeHost: boolean): LaneSelector {
	const slash = text.indexOf("/");
	const place = slash < 0 ? text : text.slice(0, slash);
	const lanes = LANES.filter((lane) => lane === place || (mayBeHost && lane.endsWith(`@${place}`)));
	if (lanes.length === 0) {
		const hosts = mayBeHost ? `, or a host: ${HOSTS.join(", ")}` : "";
		throw new Problem(`${quote(place)} is no lane, expected one of ${LANES.join(", ")}${hosts}`);
	}
	if (slash < 0) return { text, lanes };
	const series = text.slice(slash + 1);
	if (!/^\d+\.\d+$/.test(series)) throw new Problem(`${quote(series)} is no series of Prosody, expected 0.12 or 13.0`);
	if (!lanes.every((lane) => lane.startsWith("original@") || lane.endsWith("@prosody"))) {
		throw new Problem(`${quote(text)}: only lanes with the original or with Prosody itself have a series`);
	}
	return { text, lanes, series };
}

/**
 * Whether a selector means a lane.
 * @param version of Prosody's code on that lane, such as `13.0.1` or `13.0`; a selector with a series does not mean a
 * lane whose version is not known
 */
export function selects(selector: LaneSelector, lane: string, version?: string): boolean {
	if (!selector.lanes.some((name) => name === lane)) return false;
	if (selector.series === undefined) return true;
	return version === selector.series || version?.startsWith(`${selector.series}.`) === true;
}
