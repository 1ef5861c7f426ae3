import { summary, type Figure, type Report } from "./figures";
import { compareCpu, DEVICE_OFFLINE } from "./pushes";
import { nameUnderLua, startUnderLua, type UnderLua } from "./prosodies";
import { sample } from "./sampling";

const SLICE = 500;
const ROUNDS = 12;

/**
 * Measures what a push costs under real Lua in a process that has just started: what an original keeps of each push has
 * not slowed it down yet.
 * @param count of pushes in each process
 * @param seconds for each subject
 */
export async function measureFirstPushes(
	subjects: readonly UnderLua[], count: number, seconds: number, report: Report,
): Promise<void> {
	const samples = await sample(subjects.map((underLua) => ({
		name: nameUnderLua(underLua),
		run: async () => {
			const subject = await startUnderLua(underLua);
			await subject.register(1, 1);
			const total = { seconds: 0, times: 0 };
			while (total.times < count) {
				const { seconds, pushes } = await subject.push({ ...DEVICE_OFFLINE, messages: SLICE });
				if (pushes !== SLICE) throw new Error(`${subject.name}: ${pushes} pushes for ${SLICE} messages`);
				total.seconds += seconds;
				total.times += pushes;
				await subject.pass(0);
			}
			subject.close();
			return total;
		},
	})), seconds, ROUNDS);
	const what = `each of the first ${count.toLocaleString("en")} pushes`;
	const figures = subjects.map((subject, at): Figure => ({
		what, of: nameUnderLua(subject), unit: "µs", ...summary(samples[at]!.map((one) => one * 1e6)),
	}));
	report.figures.push(...figures);
	compareCpu(`CPU of ${what}`, figures.map(({ of, value }) => ({ of, cost: value })), report);
}
