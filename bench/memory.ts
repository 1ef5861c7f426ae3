import { lessThan, type Report } from "./figures";
import type { Subject } from "./process";

/** How many pushes are to be made. */
export interface Counts {
	answered: number;
	unanswered: number;
}

/** Memory that is kept for other reasons than pushes, in MB: Node compiles what is used much. */
const STEADY = { node: 5, lua: 1 };
const WARM_UP = 20_000;
const SLICE = 10_000;
// Beyond what an answer is waited for.
const PATIENCE = 300;
const SETTLING = 3;

/**
 * Measures how memory grows with pushes, and whether what waited for answers is let go of. The originals, which let go of
 * nothing, are not held against a target.
 */
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
	report.figures.push({ what: "memory kept of an answered push", of: name, value: growth * 1e6 / answered, unit: "B" });

	// A table keeps the size that it once had, which is up to twice what it needs: what is left is what one more time adds.
	for (let time = 0; time < SETTLING; time++) {
		await push(subject, unanswered, false);
		await subject.pass(PATIENCE);
	}
	const settled = await subject.memory();
	await push(subject, unanswered, false);
	add(`${unanswered.toLocaleString("en")} unanswered pushes`, await megabytes(settled));
	await subject.pass(PATIENCE);
	const left = await megabytes(settled);
	add("two minutes more", left);
	if (name.startsWith("original@")) return;
	const limit = name.includes("@node") ? STEADY.node : STEADY.lua;
	report.verdicts.push(lessThan(`growth of memory over answered pushes, ${name}`, growth, limit, "MB"));
	report.verdicts.push(lessThan(`memory left after unanswered pushes, ${name}`, left, 1, "MB"));
}

/** Pushes in slices. In between, the event loop runs. */
async function push(subject: Subject, count: number, answered: boolean): Promise<void> {
	for (let done = 0; done < count; done += SLICE) {
		await subject.push({ messages: Math.min(SLICE, count - done), users: 1, kind: "chat", answered });
		await subject.pass(0);
	}
}
