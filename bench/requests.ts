import { WEB_PUSH } from "./encrypted";
import { atLeast, type Report } from "./figures";
import { APPLICATION_SERVER, CLIENT, privateKeyOf } from "./keys";
import { REQUESTING_MODULE, type Lane } from "./lanes";
import type { Subject } from "./process";
import { pushesASecond } from "./rate";
import type { Load } from "./subject";

/** How many times as many requests as `web-push` ours should be. */
const TIMES = 3;

/** Who sends the requests. */
export const CONTACT = "mailto:xmpp@localhost";
/** The push service that is not there. */
export const SERVICE = "push.example.net";

/** What clients send who have subscribed with a push service. Endpoints are about as long as they are in real life. */
export function enableAt(service: string): string {
	return `<enable xmlns='urn:xmpp:webpush:0'><endpoint>https://${service}/push/${"abcdefgh".repeat(16)}-{user}</endpoint>`
		+ `<auth>${CLIENT.auth.toString("base64url")}</auth>`
		+ `<p256dh>${CLIENT.point.toString("base64url")}</p256dh></enable>`;
}

/**
 * The module with the keys that `web-push` gets, too: as many requests at a time as given, and no limit for a user.
 * @param service may be on loopback
 */
export function requestingModule(service: string, maxRequests: number): Pick<Lane, "module" | "options" | "stored"> {
	const key = {
		private: privateKeyOf(APPLICATION_SERVER).export({ format: "pem", type: "pkcs8" }).toString(),
		public: APPLICATION_SERVER.point.toString("base64url"),
	};
	return {
		module: REQUESTING_MODULE,
		options: {
			contact_uri: JSON.stringify(CONTACT),
			web_push_rate: "1e9",
			web_push_max_requests: String(maxRequests),
			web_push_internal_services: `{ ${JSON.stringify(service)} }`,
		},
		stored: {
			web_push_keys: `return { private_key = ${JSON.stringify(key.private)}, public_key = "${key.public}", created = 0 };`,
		},
	};
}

/** A message to each of many users who are offline and have one client registered. */
const MESSAGES: Omit<Load, "messages"> = { users: 200, kind: "chat", answered: false };

/** How much one sample does: no more than one message for each user, since a registration has one request under way. */
function messagesFor({ name }: Subject): number {
	return name.includes("@fengari") ? 20 : MESSAGES.users;
}

/** Our lanes that prepare requests. */
export function requestingLane(lane: Lane): Lane {
	return { ...lane, ...requestingModule(SERVICE, MESSAGES.users) };
}

/**
 * Measures requests a second, from a message to somebody with one Web Push registration to the complete HTTP request, which
 * is answered at once. `web-push` makes requests of the same payloads for the same keys and endpoints.
 */
export async function measureRequests(subjects: readonly Subject[], seconds: number, report: Report): Promise<void> {
	for (const subject of subjects) {
		await subject.register(MESSAGES.users, 1, enableAt(SERVICE));
		const { pushes } = await subject.push({ ...MESSAGES, messages: 10 });
		if (pushes !== 10) throw new Error(`${subject.name}: ${pushes} requests for 10 messages`);
	}
	const figures = await pushesASecond("requests prepared", subjects, MESSAGES, messagesFor, seconds);
	report.figures.push(...figures);
	const [ours, theirs] = ["ts@node", WEB_PUSH].map((name) => figures.find(({ of }) => of === name)!.value);
	report.verdicts.push(atLeast(`requests prepared a second, ts@node : ${WEB_PUSH}`, ours! / theirs!, TIMES));
}
