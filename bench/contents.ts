// What web-push is given to encrypt and to send: what our modules make of the same messages.
import { createECDH } from "node:crypto";
import { decrypt } from "http_ece";
import webPush, { type PushSubscription, type RequestOptions, type Urgency } from "web-push";
import type { Host } from "../bridge/api";
import { textToBytes } from "../bridge/native/bytes";
import { ENABLE, PUSH_SERVICE } from "./encrypted";
import { APPLICATION_SERVER, CLIENT } from "./keys";
import { ENCRYPTING_MODULE, startLane, TS_NODE } from "./lanes";
import { CONTACT, enableAt, requestingModule } from "./requests";
import { work, type Pushing, type Registering } from "./work";

/** One push, as web-push takes it. */
export interface Content {
	subscription: PushSubscription;
	payload: Buffer;
	options: RequestOptions;
}

/** Envelopes differ by their padding: enough of them that it matters as it does to the module. */
const CONTENTS = 200;

const exchange = createECDH("prime256v1");
exchange.setPrivateKey(CLIENT.secret);

/** @param options those that differ by what a push is about */
function contentOf(endpoint: string, body: Buffer, options: RequestOptions): Content {
	return {
		subscription: {
			endpoint, keys: { p256dh: CLIENT.point.toString("base64url"), auth: CLIENT.auth.toString("base64url") },
		},
		payload: decrypt(body, { version: "aes128gcm", privateKey: exchange, authSecret: CLIENT.auth }),
		options: {
			...options,
			contentEncoding: webPush.supportedContentEncodings.AES_128_GCM,
			vapidDetails: {
				subject: CONTACT,
				publicKey: APPLICATION_SERVER.point.toString("base64url"),
				privateKey: APPLICATION_SERVER.secret.toString("base64url"),
			},
		},
	};
}

/** Has the module push one message to each of as many users. */
function push(host: Host, enable: string): void {
	const { events } = host.prosody.hosts["localhost"]!;
	const register: Registering = { users: CONTENTS, devices: 1, enable };
	events.fire_event("bench/register", { ...register });
	const pushing: Pushing = { messages: CONTENTS, users: CONTENTS, kind: "chat", answered: false, pushes: 0, bytes: 0 };
	events.fire_event("bench/push", { ...pushing });
}

/** The envelopes of `mod_push2`. */
export function envelopes(): Content[] {
	const contents: Content[] = [];
	const { host } = startLane({ ...TS_NODE, module: ENCRYPTING_MODULE });
	host.load("bench", { typescript: work });
	host.prosody.core_post_stanza = (_, stanza) => {
		const payload = stanza.get_child("notification", "urn:xmpp:push2:0")!
			.get_child("encrypted", "urn:xmpp:sce:rfc8291:0")!.get_child_text("payload")!;
		contents.push(contentOf(PUSH_SERVICE, Buffer.from(payload, "base64"), {}));
	};
	push(host, ENABLE);
	return contents;
}

/** What `mod_web_push` says to service workers, and what it says of that to the push service. */
export function payloads(service: string): Content[] {
	const contents: Content[] = [];
	const { host } = startLane({ ...TS_NODE, ...requestingModule(service, CONTENTS) }, {
		http({ url, headers, body }) {
			contents.push(contentOf(url, textToBytes(body!), {
				TTL: Number(headers.TTL), urgency: headers.Urgency as Urgency, topic: headers.Topic,
			}));
		},
	});
	host.load("bench", { typescript: work });
	push(host, enableAt(service));
	return contents;
}
