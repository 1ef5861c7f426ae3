// The package web-push in a process of its own: node web-push.mjs. It takes the commands of serve.ts; a push is
// a request made, with one of the envelopes that the module made of the same messages.
import { createECDH } from "node:crypto";
import { createInterface } from "node:readline";
import { decrypt } from "http_ece";
import webPush from "web-push";
import { APPLICATION_SERVER, CLIENT, ENABLE, PUSH_SERVICE } from "./encrypted";
import { cpuSeconds, ENCRYPTING_MODULE, startLane, TS_NODE } from "./lanes";
import { work, type Pushing, type Registering } from "./work";

/** Envelopes differ by their padding: enough of them that it matters as it does to the module. */
const ENVELOPES = 200;

/** Envelopes as the module makes them. */
function collectEnvelopes(): Buffer[] {
	const { host } = startLane({ ...TS_NODE, module: ENCRYPTING_MODULE });
	host.load("bench", { typescript: work });
	const privateKey = createECDH("prime256v1");
	privateKey.setPrivateKey(CLIENT.secret);
	const envelopes: Buffer[] = [];
	host.prosody.core_post_stanza = (_, stanza) => {
		const payload = stanza.get_child("notification", "urn:xmpp:push2:0")!
			.get_child("encrypted", "urn:xmpp:sce:rfc8291:0")!.get_child_text("payload")!;
		envelopes.push(decrypt(Buffer.from(payload, "base64"), { version: "aes128gcm", privateKey, authSecret: CLIENT.auth }));
	};
	const { events } = host.prosody.hosts["localhost"]!;
	const register: Registering = { users: 1, devices: 1, enable: ENABLE };
	events.fire_event("bench/register", { ...register });
	const push: Pushing = { messages: ENVELOPES, users: 1, kind: "chat", answered: false, pushes: 0, bytes: 0 };
	events.fire_event("bench/push", { ...push });
	return envelopes;
}

const subscription = {
	endpoint: PUSH_SERVICE,
	keys: { p256dh: CLIENT.point.toString("base64url"), auth: CLIENT.auth.toString("base64url") },
};
const options = {
	contentEncoding: webPush.supportedContentEncodings.AES_128_GCM,
	vapidDetails: {
		subject: "mailto:xmpp@localhost",
		publicKey: APPLICATION_SERVER.point.toString("base64url"),
		privateKey: APPLICATION_SERVER.secret.toString("base64url"),
	},
};
const envelopes = collectEnvelopes();
let next = 0;

const commands: Record<string, (...words: string[]) => string> = {
	// The subscription is there already.
	register: () => "done",
	push(messages) {
		let bytes = 0;
		const start = cpuSeconds();
		for (let message = 0; message < Number(messages); message++) {
			next = (next + 1) % envelopes.length;
			const { body } = webPush.generateRequestDetails(subscription, envelopes[next]!, options);
			bytes += body!.length;
		}
		return `${cpuSeconds() - start} ${messages} ${bytes}`;
	},
	pass: () => "done",
};

console.log("ready");
for await (const line of createInterface(process.stdin)) {
	const [command, ...words] = line.split(" ");
	console.log(commands[command!]!(...words));
}
