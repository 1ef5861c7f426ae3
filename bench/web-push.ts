// The package web-push in a process of its own: node web-push.mjs MODULE. It takes the commands of serve.ts; a push is
// a request made, with what the module makes of the same messages in it.
import webPush from "web-push";
import { takeCommands, type Commands } from "./commands";
import { envelopes, payloads } from "./contents";
import { cpuSeconds, ENCRYPTING_MODULE } from "./lanes";
import { SERVICE } from "./requests";

const contents = process.argv[2] === ENCRYPTING_MODULE ? envelopes() : payloads(SERVICE);
let next = 0;

const commands: Commands = {
	// The subscription is there already.
	register: () => "done",
	push(messages) {
		let bytes = 0;
		const start = cpuSeconds();
		for (let message = 0; message < Number(messages); message++) {
			next = (next + 1) % contents.length;
			const { subscription, payload, options } = contents[next]!;
			bytes += webPush.generateRequestDetails(subscription, payload, options).body!.length;
		}
		return `${cpuSeconds() - start} ${messages} ${bytes}`;
	},
	pass: () => "done",
};

await takeCommands(commands);
