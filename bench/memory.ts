import { lessThan, type Report } from "./figures";
import type { Subject } from "./process";

/** How many pushes are to be made. */
export interface Counts {
	answered: number;
	unanswered: number;
}

const WARM_UP = 20_000;
const SLICE = 10_000;
// Beyond what an answer is waited for.
const PATIENCE = 300;

/** Measures how memory grows with pushes, and whether what waited for answers is let go of. */
export async function measureMemory(subject: Subject, { answered, unanswered }: Counts, report: Report): Promise<void> {
	const { name } = subject;
	const megabytes = async (before: number): Promise<number> => (await subject.memory() - before) / 1e6;
	const add = (what: string, value: number): void => {
		report.figures.push({ what: `memory after ${what}`, of: name, value, unit: "MB" });
	};
	await subject.register(1, 1);
	await push(subject, Math.min(WARM_UP, answered), true);
	const before = await subject.memory();

	await push(subject, answered, true);
	const growth = await megabytes(before);
	add(`${answered.toLocaleString("en")} answered pushes`, growth);
	if (!subject.isVirtual) return;
	report.verdicts.push(lessThan(`growth of memory over answered pushes, ${name}`, growth, 5, "MB"));

	const answeredAll = await subject.memory();
	await push(subject, unanswered, false);
	add(`${unanswered.toLocaleString("en")} unanswered pushes`, await megabytes(answeredAll));
	await subject.pass(PATIENCE);
	const left = await megabytes(answeredAll);
	add("these have timed out", left);
	report.verdicts.push(lessThan(`memory left after unanswered pushes, ${name}`, left, 1, "MB"));
}

/** Pushes in slices, as a server has time for something else in between. */
async function push(subject: Subject, count: number, answered: boolean): Promise<void> {
	for (let done = 0; done < count; done += SLICE) {
		await subject.push({ messages: Math.min(SLICE, count - done), users: 1, kind: "chat", answered });
	}
}
