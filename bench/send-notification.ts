// The package web-push, sending: node send-notification.mjs SERVICE CONCURRENCY AGENT. It takes the commands of deliver.ts.
// AGENT is "kept" for an agent that keeps as many connections, "none" to leave connections to Node.
import { Agent } from "node:https";
import webPush from "web-push";
import { takeCommands, type Commands } from "./commands";
import { payloads } from "./contents";
import { cpuSeconds } from "./lanes";

const [, , service, concurrencyText, kind] = process.argv;
const concurrency = Number(concurrencyText);
const agent = kind === "kept" ? new Agent({ keepAlive: true, maxSockets: concurrency }) : undefined;
const contents = payloads(service!).map(({ options, ...content }) => ({ ...content, options: { ...options, agent } }));

/** Has so many requests delivered: each that was answered is followed by another. */
async function deliver(count: number): Promise<void> {
	let begun = 0;
	const work = async (): Promise<void> => {
		while (begun < count) {
			const { subscription, payload, options } = contents[begun++ % contents.length]!;
			await webPush.sendNotification(subscription, payload, options);
		}
	};
	await Promise.all(Array.from({ length: concurrency }, work));
}

const commands: Commands = {
	// The subscription is there already.
	register: () => "done",
	async push(messages) {
		const start = performance.now();
		await deliver(Number(messages));
		return `${(performance.now() - start) / 1000} ${messages} 0`;
	},
	computed: () => String(cpuSeconds()),
};

await takeCommands(commands);
agent?.destroy();
