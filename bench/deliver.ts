// Our module on Node in real time, with real HTTP: node --expose-gc deliver.mjs LANE CONCURRENCY, where LANE is JSON. It takes
// the commands of serve.ts. A push is a request that was answered, CONCURRENCY of them being under way, and the seconds of
// `push` are those that went by; `computed` answers those of computing since the start.
import { createRealHttp, createRealResolve } from "../bridge/node";
import { createRealClock } from "../bridge/server/real-clock";
import { takeCommands, type Commands } from "./commands";
import { cpuSeconds, memoryInUse, startLane, type Lane } from "./lanes";
import { work, type Pushing, type Registering } from "./work";

const lane = JSON.parse(process.argv[2]!) as Lane;
const concurrency = Number(process.argv[3]);

/** Called when the module has dealt with an answer. */
let onAnswered: (error: string | undefined) => void = () => undefined;

const real = createRealHttp({ connectionsPerService: concurrency });
const { host } = startLane(lane, {
	clock: createRealClock(),
	resolve: createRealResolve(),
	http: (request, answer) => real.http(request, (response, error) => {
		answer(response, error);
		onAnswered(response?.code === 201 ? undefined : error ?? `status ${response?.code}`);
	}),
});
host.load("bench", { typescript: work });
const { events } = host.prosody.hosts["localhost"]!;
let users = 0;

/** Has so many requests delivered: a message comes in for each that was answered. */
async function deliver(count: number): Promise<void> {
	const pushing: Pushing = { messages: 1, users, kind: "chat", answered: false, pushes: 0, bytes: 0 };
	let begun = 0;
	let delivered = 0;
	const begin = (): void => {
		begun++;
		events.fire_event("bench/push", { ...pushing });
	};
	await new Promise<void>((resolve, reject) => {
		onAnswered = (error) => {
			if (error !== undefined) reject(new Error(`a request failed: ${error}`));
			delivered++;
			if (begun < count) begin();
			else if (delivered === count) resolve();
		};
		while (begun < Math.min(concurrency, count)) begin();
	});
}

const commands: Commands = {
	register(count, devices, ...xml) {
		users = Number(count);
		const registering: Registering = { users, devices: Number(devices), enable: xml.join(" ") };
		events.fire_event("bench/register", { ...registering });
		return "done";
	},
	async push(messages) {
		const start = performance.now();
		await deliver(Number(messages));
		return `${(performance.now() - start) / 1000} ${messages} 0`;
	},
	computed: () => String(cpuSeconds()),
	memory: () => String(memoryInUse()),
};

await takeCommands(commands);
// Connections that are kept keep the process.
host.stop();
real.close();
