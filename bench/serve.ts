// A lane in a process of its own: node --expose-gc serve.mjs LANE, where LANE is JSON. Each line of standard input is a
// command, and is answered by a line:
//   register USERS DEVICES [XML]           "done"; XML is what a client sends to register, `{user}` being its user's name
//   push MESSAGES USERS KIND ANSWERED      "SECONDS PUSHES BYTES", the seconds being those of computing
//   memory                                 the bytes in use once all garbage is collected
//   pass SECONDS                           "done"; the clock has moved on
import { join } from "node:path";
import { packageRoot } from "../bridge/package-root";
import { takeCommands, type Commands } from "./commands";
import { cpuSeconds, memoryInUse, startLane, type Lane } from "./lanes";
import type { Load } from "./subject";
import { work, type Pushing, type Registering } from "./work";

const lane = JSON.parse(process.argv[2]!) as Lane;

/** What a push service in the process itself has taken, at once. */
const taken = { requests: 0, bytes: 0 };
const { host, machine } = startLane(lane, {
	http({ headers }, answer) {
		taken.requests++;
		taken.bytes += Number(headers["Content-Length"]);
		answer({ code: 201, body: "", headers: {} });
	},
});
host.load("bench", lane.host === "node" ? { typescript: work } : { lua: join(packageRoot(), "bench", "mod_bench.lua") });

/** Fires an event; the payload is then as the handlers left it. */
function fire<Payload extends Registering | Pushing>(event: string, fields: Payload): Payload {
	const payload = host.table(fields);
	host.prosody.hosts["localhost"]!.events.fire_event(event, payload as unknown as Record<string, unknown>);
	return payload;
}

const commands: Commands = {
	register(users, devices, ...xml) {
		const enable = xml.length > 0 ? xml.join(" ") : undefined;
		fire("bench/register", { users: Number(users), devices: Number(devices), enable });
		return "done";
	},
	push(messages, users, kind, answered) {
		const before = { ...taken };
		const start = cpuSeconds();
		const { pushes, bytes } = fire<Pushing>("bench/push", {
			messages: Number(messages), users: Number(users), kind: kind as Load["kind"], answered: answered === "true",
			pushes: 0, bytes: 0,
		});
		// An answer that comes at once is looked at in the next round of the event loop.
		machine.clock.advance(0);
		const seconds = cpuSeconds() - start;
		return `${seconds} ${pushes + taken.requests - before.requests} ${bytes + taken.bytes - before.bytes}`;
	},
	memory: () => String(memoryInUse()),
	pass(seconds) {
		machine.clock.advance(Number(seconds));
		return "done";
	},
};

await takeCommands(commands);
