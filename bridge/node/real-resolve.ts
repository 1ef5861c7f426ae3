import { lookup } from "node:dns/promises";
import type { Machine } from "../api/host";

/** Names that are remembered at most. */
const CACHE_SIZE = 1024;

/**
 * What the operating system knows of names (`/etc/hosts`, DNS), for a machine in real time.
 *
 * @param cacheTime seconds for which an answer is good, be it none
 */
export function createRealResolve({ cacheTime = 60 } = {}): NonNullable<Machine["resolve"]> {
	const known = new Map<string, { until: number; addresses: Promise<readonly string[]> }>();

	/** The oldest comes first: what has had its time, or is too much. */
	function sweep(now: number): void {
		for (const [name, { until }] of known) {
			if (until > now && known.size < CACHE_SIZE) return;
			known.delete(name);
		}
	}

	function resolve(name: string): Promise<readonly string[]> {
		const now = performance.now() / 1000;
		sweep(now);
		const cached = known.get(name);
		if (cached !== undefined) return cached.addresses;
		const addresses = lookup(name, { all: true, verbatim: true })
			.then((found) => found.map(({ address }) => address), () => []);
		known.set(name, { until: now + cacheTime, addresses });
		return addresses;
	}

	return (name, answer) => void resolve(name).then((addresses) => answer(addresses));
}
