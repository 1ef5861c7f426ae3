import { lessThan, summary, type Report } from "./figures";
import { sample } from "./sampling";
import { TS_NODE } from "./lanes";
import { Subject } from "./process";

const DEVICES = 3;
const SAMPLE = 300;
/**
 * How much more a push may cost where most users have registered. What goes through all of them would cost a thousand
 * times as much; the processor's caches and the garbage collector, too, know the difference.
 */
const TOLERANCE = 1.5;

/** Measures what a push costs by how many users have registered, each with three devices. */
export async function measureUsers(counts: readonly number[], seconds: number, report: Report): Promise<void> {
	const worlds = [];
	for (const users of counts) {
		const subject = await Subject.ofLane(TS_NODE);
		await subject.register(users, DEVICES);
		// From the first push on, the errors of a registration are counted.
		await subject.push({ messages: users, users, kind: "chat", answered: true });
		worlds.push({ users, subject });
	}
	const samples = await sample(worlds.map(({ users, subject }) => ({
		name: `${users} users`,
		run: async () => {
			const { seconds, pushes } = await subject.push({ messages: SAMPLE, users, kind: "chat", answered: true });
			return { seconds, times: pushes };
		},
	})), seconds);
	const figures = worlds.map(({ users }, at) => ({
		what: `a push, ${DEVICES} devices each`, of: `ts@node, ${users.toLocaleString("en")} users`, unit: "µs",
		...summary(samples[at]!.map((one) => one * 1e6)),
	}));
	report.figures.push(...figures);
	const [first, last] = [figures[0]!, figures.at(-1)!];
	const [fewest, most] = [counts[0]!, counts.at(-1)!].map((count) => count.toLocaleString("en"));
	report.verdicts.push(lessThan(`cost of a push, ${most} users : ${fewest}`, last.value / first.value, TOLERANCE));
	for (const { subject } of worlds) subject.close();
}

/** Measures one message of a groupchat to many members who are offline. */
export async function measureGroupchat(members: number, seconds: number, report: Report): Promise<void> {
	const subject = await Subject.ofLane(TS_NODE);
	await subject.register(members, 1);
	const [samples] = await sample([{
		name: "groupchat",
		run: async () => {
			const load = { messages: members, users: members, kind: "groupchat", answered: true } as const;
			const { seconds } = await subject.push(load);
			return { seconds, times: 1 };
		},
	}], seconds);
	report.figures.push({
		what: "a groupchat message", of: `ts@node, ${members.toLocaleString("en")} members`, unit: "ms",
		...summary(samples!.map((one) => one * 1e3)),
	});
	subject.close();
}
