import { summary, type Report } from "./figures";
import { cpuSeconds, startLane, type Lane } from "./lanes";
import { sample } from "./sampling";

/** Measures how long a lane takes to start, until the module is loaded, in a process that has started one before. */
export async function measureStartup(lanes: readonly Lane[], seconds: number, report: Report): Promise<void> {
	const samples = await sample(lanes.map((lane) => ({
		name: lane.name,
		run: async () => {
			const start = cpuSeconds();
			startLane(lane).host.stop();
			return { seconds: cpuSeconds() - start, times: 1 };
		},
	})), seconds);
	lanes.forEach(({ name }, at) => report.figures.push({
		what: "start", of: name, unit: "ms", ...summary(samples[at]!.map((one) => one * 1e3)),
	}));
}
