import { Bench } from "tinybench";

/** Something to take samples of. */
export interface Sampled {
	readonly name: string;
	/** Does it once: the seconds that it took, and how often it did what is counted. */
	run(): Promise<{ seconds: number; times: number }>;
}

/**
 * Takes samples of several things in turns, round by round, so that what else the machine does meets them alike.
 * @param seconds for each of them, warming up not counted
 * @param rounds the more, the closer in time are the samples of the one to those of the other
 * @returns the samples of each, in seconds for one time
 */
export async function sample(things: readonly Sampled[], seconds: number, rounds = 4): Promise<number[][]> {
	const samples = things.map((): number[] => []);
	for (let round = 0; round < rounds; round++) {
		const bench = new Bench({
			time: 1000 * seconds / rounds, iterations: 1,
			warmup: round === 0, warmupTime: 1000 * seconds / rounds, warmupIterations: 1,
			retainSamples: true, throws: true,
		});
		things.forEach((thing, at) => bench.add(String(at), async () => {
			const start = bench.now();
			const { seconds, times } = await thing.run();
			return { overriddenDuration: seconds * 1000 / times, overriddenIterationCost: bench.now() - start };
		}, { async: true }));
		for (const [at, { result }] of (await bench.run()).entries()) {
			if (!("latency" in result)) throw new Error(`${things[at]!.name} was not measured`);
			samples[at]!.push(...result.latency.samples!.map((milliseconds) => milliseconds / 1000));
		}
	}
	return samples;
}
