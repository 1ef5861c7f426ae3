import { publishedKeys, readServerKey } from "../webpush/server-key";
import type { HttpEntry, TraceEntry } from "./entry";

/** What the client's libraries say of themselves and of the connection, which is nobody else's. */
const OF_CONNECTION: ReadonlySet<string> = new Set(["connection", "user-agent"]);

/** When a token was issued and expires: a push service has looked at both. */
const TIMES: ReadonlySet<string> = new Set(["exp", "iat"]);

/**
 * A request as it would be if it were neither encrypted nor signed: what was decrypted stands in place of the body, the claims and the key of
 * an accepted token in place of the token. This is what is compared, as the same is encrypted and signed differently every time. What
 * nobody got is compared without body and token; what could not be opened stays as it is.
 */
export function openedRequest(entry: HttpEntry): HttpEntry {
	const { headers, vapid, payload, body, undelivered } = entry;
	const said = Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name));
	const opened: HttpEntry = {
		...entry,
		headers: Object.fromEntries(said.map(([name, value]) => {
			const token = vapid ? "{signed}" : undelivered ? "{unread}" : undefined;
			return [name, name === "authorization" && token !== undefined ? value.replace(/\bt=[^\s,]+/, `t=${token}`) : value];
		})),
		body: payload === undefined && !undelivered ? body : "",
	};
	if (vapid) opened.vapid = Object.fromEntries(Object.entries(vapid).filter(([name]) => !TIMES.has(name)));
	return opened;
}

/**
 * What the server made up for Web Push, and another lane will have differently: its public key, if a browser could subscribe with it and a push
 * service knew it by that, and topics.
 */
export function webPushIds(trace: readonly TraceEntry[]): string[] {
	return [
		...publishedKeys(trace).filter((key) => readServerKey(key) !== undefined),
		...trace.flatMap((entry) => (entry.kind === "http" && (entry.vapid || entry.undelivered) ? idsIn(entry.headers) : [])),
	];
}

function idsIn({ authorization = "", topic }: HttpEntry["headers"]): string[] {
	const key = /\bk=([^\s,]+)/.exec(authorization)?.[1];
	return [key, topic].filter((id) => id !== undefined);
}
