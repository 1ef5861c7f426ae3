// A lane in a process of its own: node --expose-gc serve.mjs LANE, where LANE is JSON. Each line of standard input is a
// command, and is answered by a line:
//   register USERS DEVICES [XML]           "done"; XML is what a client sends to register
//   push MESSAGES USERS KIND ANSWERED      "SECONDS PUSHES BYTES", the seconds being those of computing
//   memory                                 the bytes in use once all garbage is collected
//   pass SECONDS                           "done"; the clock has moved on
import { createInterface } from "node:readline";
import { join } from "node:path";
import { packageRoot } from "../bridge/package-root";
import { cpuSeconds, startLane, type Lane } from "./lanes";
import type { Load } from "./subject";
import { work, type Pushing, type Registering } from "./work";

const lane = JSON.parse(process.argv[2]!) as Lane;
const { host, machine } = startLane(lane);
host.load("bench", lane.host === "node" ? { typescript: work } : { lua: join(packageRoot(), "bench", "mod_bench.lua") });

/** Fires an event; the payload is then as the handlers left it. */
function fire<Payload extends Registering | Pushing>(event: string, fields: Payload): Payload {
	const payload = host.table(fields);
	host.prosody.hosts["localhost"]!.events.fire_event(event, payload as unknown as Record<string, unknown>);
	return payload;
}

const commands: Record<string, (...words: string[]) => string> = {
	register(users, devices, ...xml) {
		const enable = xml.length > 0 ? xml.join(" ") : undefined;
		fire("bench/register", { users: Number(users), devices: Number(devices), enable });
		return "done";
	},
	push(messages, users, kind, answered) {
		const start = cpuSeconds();
		const { pushes, bytes } = fire<Pushing>("bench/push", {
			messages: Number(messages), users: Number(users), kind: kind as Load["kind"], answered: answered === "true",
			pushes: 0, bytes: 0,
		});
		return `${cpuSeconds() - start} ${pushes} ${bytes}`;
	},
	memory() {
		// What was kept by weak references goes the second time.
		globalThis.gc!();
		globalThis.gc!();
		return String(process.memoryUsage().heapUsed);
	},
	pass(seconds) {
		machine.clock.advance(Number(seconds));
		return "done";
	},
};

console.log("ready");
for await (const line of createInterface(process.stdin)) {
	const [command, ...words] = line.split(" ");
	console.log(commands[command!]!(...words));
}
