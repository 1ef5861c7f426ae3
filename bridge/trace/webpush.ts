import { checkBody } from "../webpush/body";
import { publishedKeys, readServerKey } from "../webpush/server-key";
import { Refusal } from "../webpush/refusal";
import type { HttpEntry, TraceEntry } from "./entry";

/** What the client's libraries say of themselves and of the connection, which is nobody else's. */
const OF_CONNECTION: ReadonlySet<string> = new Set(["connection", "user-agent"]);

/** When a token was issued and expires: a push service has looked at both. */
const TIMES: ReadonlySet<string> = new Set(["exp", "iat"]);

/** A token as it stands in `authorization`: its header, its claims, and a signature (RFC 7515). */
const TOKEN = /\bt=(?:[\w-]+\.){2}[\w-]+/;

/** Characters from which on a topic is no word, which would be the same on each lane, and may stand elsewhere by chance. */
const MADE_UP_TOPIC = 16;

/**
 * A request as it would be if it were neither encrypted nor signed: what was decrypted stands in place of the body, the claims and the key of
 * an accepted token in place of the token. This is what is compared, as the same is encrypted and signed differently every time. What
 * is signed but was refused is compared without its token, as the answer says why, and what is encrypted for another browser without its
 * body. All else stays as it is.
 */
export function openedRequest(entry: HttpEntry): HttpEntry {
	const { headers, vapid, payload, body } = entry;
	const said = Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name));
	const opened: HttpEntry = {
		...entry,
		headers: Object.fromEntries(said.map(([name, value]) => {
			return [name, name === "authorization" ? value.replace(TOKEN, vapid ? "t={signed}" : "t={refused}") : value];
		})),
		body: payload !== undefined ? "" : isEncrypted(entry) ? "{unread}" : body,
	};
	if (vapid) opened.vapid = Object.fromEntries(Object.entries(vapid).filter(([name]) => !TIMES.has(name)));
	return opened;
}

/** Whether it is encrypted as far as a push service can tell. */
function isEncrypted({ headers, body }: HttpEntry): boolean {
	if (body === "") return false;
	try {
		checkBody(Buffer.from(body, "base64"), headers["content-encoding"]);
		return true;
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return false;
	}
}

/**
 * What the server made up for Web Push, and another lane will have differently: its public key, if a browser could subscribe with it and a push
 * service knew it by that, and topics that are no words.
 */
export function webPushIds(trace: readonly TraceEntry[]): string[] {
	return [
		...publishedKeys(trace).filter((key) => readServerKey(key) !== undefined),
		...trace.flatMap((entry) => (entry.kind === "http" && entry.vapid ? idsIn(entry.headers) : [])),
	];
}

function idsIn({ authorization = "", topic = "" }: HttpEntry["headers"]): string[] {
	const key = /\bk=([^\s,]+)/.exec(authorization)?.[1];
	return [key, topic.length < MADE_UP_TOPIC ? undefined : topic].filter((id) => id !== undefined);
}
