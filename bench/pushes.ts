import { atLeast, atMost, type Figure, type Report } from "./figures";
import { pushesASecond } from "./rate";
import type { Subject } from "./process";
import type { Load } from "./subject";

/** A message to somebody offline with one device, whose push is answered. */
export const DEVICE_OFFLINE: Load = { messages: 1, users: 1, kind: "chat", answered: true };

/** How much the CPU of a push may be in the Lua build, as a part of what it is in the original. */
const CPU = 1.1;

/** How much one sample does: long enough to be measured, short enough for many samples. */
function messagesFor({ name }: Subject): number {
	if (name.includes("@node")) return 1000;
	return name.includes("@fengari") ? 20 : 500;
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
	for (const subject of subjects) await subject.register(1, 1);
	await checkAlike(subjects, DEVICE_OFFLINE);
	const figures = await pushesASecond("pushes", subjects, DEVICE_OFFLINE, messagesFor, seconds);
	report.figures.push(...figures);
	compare(figures, "ts@node", "original@lua5.4", 10, report);
	compare(figures, "ts@fengari", "original@fengari", 1, report);
	compareCpu("CPU a push", figures.map(({ of, value }) => ({ of, cost: 1 / value })), report);
}

/** Holds the Lua build against each original that it was measured beside: with the same libraries and collector. */
export function compareCpu(what: string, costs: readonly { of: string; cost: number }[], report: Report): void {
	for (const ours of costs.filter(({ of }) => of.startsWith("lua@lua5.4 "))) {
		const theirs = costs.find(({ of }) => of === ours.of.replace("lua@", "original@"))!;
		report.verdicts.push(atMost(`${what}, ${ours.of} : original`, ours.cost / theirs.cost, CPU));
	}
}

function compare(figures: readonly Figure[], lane: string, to: string, least: number, report: Report): void {
	const ours = figures.find(({ of }) => of === lane);
	for (const theirs of figures.filter(({ of }) => of.startsWith(`${to} `))) {
		if (ours) report.verdicts.push(atLeast(`pushes a second, ${lane} : ${theirs.of}`, ours.value / theirs.value, least));
	}
}
