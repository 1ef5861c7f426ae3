import { sample } from "./sampling";
import { summary, type Figure } from "./figures";
import type { Load } from "./subject";
import type { Subject } from "./process";

/**
 * Measures how many pushes of a load each subject makes a second.
 * @param messagesFor how much one sample does
 * @param seconds of measuring
 */
export async function pushesASecond(
	what: string, subjects: readonly Subject[], load: Omit<Load, "messages">,
	messagesFor: (subject: Subject) => number, seconds: number,
): Promise<Figure[]> {
	const samples = await sample(subjects.map((subject) => ({
		name: subject.name,
		run: async () => {
			const { seconds, pushes } = await subject.push({ ...load, messages: messagesFor(subject) });
			await subject.pass(0);
			return { seconds, times: pushes };
		},
	})), seconds);
	return subjects.map(({ name }, at) => ({
		what, of: name, unit: "/s", ...summary(samples[at]!.map((one) => 1 / one)),
	}));
}
