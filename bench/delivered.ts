import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateFor } from "../bridge/webpush/certificate";
import { atLeast, lessThan, summary, type Report } from "./figures";
import { TS_NODE } from "./lanes";
import { scriptPath, Subject } from "./process";
import { enableAt, requestingModule } from "./requests";
import { sample } from "./sampling";

/** How many times as many requests as `web-push` ours should be. */
const TIMES = 2;
/** Requests under way at a time. */
const CONCURRENCIES = [8, 32];
/** More than there are requests under way: to one registration there is one at a time. */
const USERS = 1000;
/** Short ones, for what goes by the clock. */
const ROUNDS = 12;
/** As many times what one sample does. */
const WARM_UP = 8;
const NOTIFICATION = { users: USERS, kind: "chat", answered: false } as const;

/** How many requests are to be delivered. */
export interface DeliveredCounts {
	/** In one sample. */
	sample: number;
	/** Before memory is measured, and before it is measured again. */
	few: number;
	many: number;
}
/** Memory that may be kept for other reasons than requests, in MB: Node compiles what is used much. */
const STEADY = 1;

/** A push service on loopback, and what a process needs to trust it. */
class PushService {
	/** @param address such as `localhost:443` */
	private constructor(readonly child: ChildProcess, readonly folder: string, readonly address: string) {}

	static async start(): Promise<PushService> {
		const certificate = certificateFor("localhost");
		const folder = mkdtempSync(join(tmpdir(), "prosody-push-bench-"));
		writeFileSync(join(folder, "ca.pem"), certificate.cert);
		const child = fork(scriptPath("push-service.mjs"));
		child.send(certificate);
		const ended = once(child, "exit").then(() => {
			throw new Error("the push service ended");
		});
		const [port] = await Promise.race([once(child, "message"), ended]) as [number];
		return new PushService(child, folder, `localhost:${port}`);
	}

	/** Our module on Node, delivering. */
	async ours(concurrency: number): Promise<Subject> {
		const lane = { ...TS_NODE, ...requestingModule(this.address, concurrency) };
		const subject = await this.#client(
			`ts@node, ${concurrency} at a time`, "deliver.mjs", [JSON.stringify(lane), String(concurrency)]);
		await subject.register(USERS, 1, enableAt(this.address));
		return subject;
	}

	theirs(concurrency: number, agent: "kept" | "none"): Promise<Subject> {
		const name = `web-push${agent === "kept" ? " with an agent" : ""}, ${concurrency} at a time`;
		return this.#client(name, "send-notification.mjs", [this.address, String(concurrency), agent]);
	}

	#client(name: string, script: string, args: string[]): Promise<Subject> {
		return Subject.ofScript(name, script, args, { NODE_EXTRA_CA_CERTS: join(this.folder, "ca.pem") });
	}

	stop(): void {
		this.child.kill();
		rmSync(this.folder, { recursive: true });
	}
}

/**
 * Measures requests delivered a second to a push service on loopback, by the clock, beside `sendNotification` of `web-push`,
 * what each costs the process that sends it, and how memory grows with them.
 */
export async function measureDelivered(counts: DeliveredCounts, seconds: number, report: Report): Promise<void> {
	const service = await PushService.start();
	try {
		for (const concurrency of CONCURRENCIES) await measureRate(service, concurrency, counts.sample, seconds, report);
		await measureMemory(service, counts, report);
	} finally {
		service.stop();
	}
}

async function measureRate(
	service: PushService, concurrency: number, messages: number, seconds: number, report: Report,
): Promise<void> {
	const [ours, theirs, withAgent] = await Promise.all([
		service.ours(concurrency), service.theirs(concurrency, "none"), service.theirs(concurrency, "kept"),
	]);
	const subjects = [ours, theirs, withAgent];
	try {
		// Node compiles what is used much: that is not to be measured.
		for (const subject of subjects) await subject.push({ ...NOTIFICATION, messages: messages * WARM_UP });
		const costs = subjects.map(() => ({ computed: 0, pushes: 0 }));
		const samples = await sample(subjects.map((subject, at) => ({
			name: subject.name,
			run: async () => {
				const before = await subject.computed();
				const { seconds, pushes } = await subject.push({ ...NOTIFICATION, messages });
				costs[at]!.computed += await subject.computed() - before;
				costs[at]!.pushes += pushes;
				return { seconds, times: pushes };
			},
		})), seconds, ROUNDS);
		const rates = samples.map((one) => summary(one.map((each) => 1 / each)));
		subjects.forEach(({ name }, at) => report.figures.push(
			{ what: "requests delivered", of: name, unit: "/s", ...rates[at]! },
			{ what: "computing for each", of: name, unit: "µs", value: costs[at]!.computed / costs[at]!.pushes * 1e6 },
		));
		report.verdicts.push(atLeast(
			`requests delivered a second, ${ours.name} : ${theirs.name}`, rates[0]!.value / rates[1]!.value, TIMES));
	} finally {
		for (const subject of subjects) subject.close();
	}
}

async function measureMemory(service: PushService, { few, many }: DeliveredCounts, report: Report): Promise<void> {
	const subject = await service.ours(CONCURRENCIES.at(-1)!);
	try {
		await subject.push({ ...NOTIFICATION, messages: USERS });
		const start = await subject.memory();
		const grown = async (messages: number, until: number): Promise<number> => {
			await subject.push({ ...NOTIFICATION, messages });
			const value = (await subject.memory() - start) / 1e6;
			report.figures.push({
				what: `memory after ${until.toLocaleString("en")} delivered requests`, of: "ts@node", value, unit: "MB",
			});
			return value;
		};
		const first = await grown(few, few);
		const last = await grown(many - few, many);
		report.verdicts.push(lessThan(
			`growth of memory, ${few.toLocaleString("en")} to ${many.toLocaleString("en")} delivered requests`,
			last - first, STEADY, "MB",
		));
	} finally {
		subject.close();
	}
}
