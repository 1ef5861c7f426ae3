import type { Series } from "../bridge/api";
import { atLeast, type Report } from "./figures";
import { APPLICATION_SERVER, CLIENT, privateKeyOf } from "./keys";
import type { Subject } from "./process";
import type { Load } from "./subject";
import { pushesASecond } from "./rate";

/** The subject that our pushes are held against: the package `web-push`, and how many times as many ours should be. */
export const WEB_PUSH = "web-push";
const TIMES = 3;

/** The series of Prosody whose libraries can encrypt. */
export const SERIES_WITH_KEYS: Series = "13.0";

/** A message to somebody offline with one device. Push services do not answer. */
const MESSAGES: Omit<Load, "messages"> = { users: 1, kind: "chat", answered: false };

export const PUSH_SERVICE = "https://push.example.net";

/** PKCS #8, as base64. */
const SIGNING_KEY = privateKeyOf(APPLICATION_SERVER).export({ format: "der", type: "pkcs8" }).toString("base64");

/** What the client sends to be pushed all messages, encrypted. */
export const ENABLE = "<enable xmlns='urn:xmpp:push2:0'><service>push.localhost</service><client>client</client>"
	+ "<match profile='urn:xmpp:push2:match:all'><send xmlns='urn:xmpp:push2:send:sce+rfc8291+rfc8292:0'>"
	+ `<ua-public>${CLIENT.point.toString("base64")}</ua-public>`
	+ `<auth-secret>${CLIENT.auth.toString("base64")}</auth-secret><jwt-alg>ES256</jwt-alg>`
	+ `<jwt-key>${SIGNING_KEY}</jwt-key><jwt-claim name='aud'>${PUSH_SERVICE}</jwt-claim>`
	+ "</send></match></enable>";

/** How much one sample does. */
function messagesFor({ name }: Subject): number {
	return name.includes("@fengari") ? 20 : 500;
}

/**
 * Measures encrypted pushes a second, from a message to somebody with one device to the text of the stanza: envelope,
 * encryption, token and all. `web-push` encrypts the same envelopes for the same keys, and signs a token, for a request.
 */
export async function measureEncrypted(subjects: readonly Subject[], seconds: number, report: Report): Promise<void> {
	for (const subject of subjects) {
		await subject.register(1, 1, ENABLE);
		const { pushes } = await subject.push({ ...MESSAGES, messages: 10 });
		if (pushes !== 10) throw new Error(`${subject.name}: ${pushes} pushes for 10 messages`);
	}
	const figures = await pushesASecond("encrypted pushes", subjects, MESSAGES, messagesFor, seconds);
	report.figures.push(...figures);
	const [ours, theirs] = ["ts@node", WEB_PUSH].map((name) => figures.find(({ of }) => of === name)!.value);
	report.verdicts.push(atLeast(`encrypted pushes a second, ts@node : ${WEB_PUSH}`, ours! / theirs!, TIMES));
}
