import { atLeast, summary, type Figure, type Report } from "./figures";
import { sample } from "./sampling";
import type { Subject } from "./process";
import type { Load } from "./subject";

/** How much one sample does: long enough to be measured, short enough for many samples. */
const MESSAGES: Readonly<Record<string, number>> = { node: 1000, fengari: 20, "lua5.4": 500 };

function messagesFor({ name }: Subject): number {
	const [, platform] = /@([^ ]+)/.exec(name)!;
	return MESSAGES[platform!]!;
}

/** Checks that the same is measured: the pushes that a message makes, and how long they are. */
async function checkAlike(subjects: readonly Subject[], load: Load): Promise<void> {
	const costs = await Promise.all(subjects.map((subject) => subject.push({ ...load, messages: 100 })));
	const odd = costs.findIndex(({ pushes, bytes }) => pushes !== costs[0]!.pushes || bytes !== costs[0]!.bytes);
	if (odd < 0) return;
	const say = (at: number): string => `${subjects[at]!.name}: ${costs[at]!.pushes} pushes, ${costs[at]!.bytes} bytes`;
	throw new Error(`not the same work: ${say(0)}; ${say(odd)}`);
}

/** Measures pushes a second, from a message to somebody with one device to the answered push. */
export async function measurePushes(subjects: readonly Subject[], seconds: number, report: Report): Promise<void> {
	const load: Load = { messages: 1, users: 1, kind: "chat", answered: true };
	for (const subject of subjects) await subject.register(1, 1);
	await checkAlike(subjects, load);
	const samples = await sample(subjects.map((subject) => ({
		name: subject.name,
		run: async () => {
			const { seconds, pushes } = await subject.push({ ...load, messages: messagesFor(subject) });
			return { seconds, times: pushes };
		},
	})), seconds);
	const figures = subjects.map(({ name }, at): Figure => ({
		what: "pushes", of: name, unit: "/s", ...summary(samples[at]!.map((one) => 1 / one)),
	}));
	report.figures.push(...figures);
	compare(figures, "ts@node", "original@lua5.4", 10, report);
	compare(figures, "ts@fengari", "original@fengari", 1, report);
}

function compare(figures: readonly Figure[], lane: string, to: string, least: number, report: Report): void {
	const ours = figures.find(({ of }) => of === lane);
	for (const theirs of figures.filter(({ of }) => of.startsWith(`${to} `))) {
		if (ours) report.verdicts.push(atLeast(`pushes a second, ${lane} : ${theirs.of}`, ours.value / theirs.value, least));
	}
}
