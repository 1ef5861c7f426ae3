import { Bench } from "tinybench";

/** Something to take samples of. */
export interface Sampled {
	readonly name: string;
	/** Does it once: the seconds that it took, and how often it did what is counted. */
	run(): Promise<{ seconds: number; times: number }>;
}

const ROUNDS = 4;

/**
 * Takes samples of several things in turns, round by round, so that what else the machine does meets them alike.
 * @param seconds for each of them, warming up not counted
 * @returns the samples of each, in seconds for one time
 */
export async function sample(things: readonly Sampled[], seconds: number): Promise<number[][]> {
	const samples = things.map((): number[] => []);
	for (let round = 0; round < ROUNDS; round++) {
		const bench = new Bench({
			time: 1000 * seconds / ROUNDS, iterations: 1,
			warmup: round === 0, warmupTime: 1000 * seconds / ROUNDS, warmupIterations: 1,
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
