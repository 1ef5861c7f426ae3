import { Element } from "ltx";
import { importJWK, SignJWT } from "jose";
import webpush from "web-push";
import { PushService, type PushRequest } from "../../bridge/webpush/service";
import type { Answer, Subscription } from "../../bridge/scenario";

/** The server's keys, as web-push writes them. */
export const SERVER_KEYS = webpush.generateVAPIDKeys();
export const SUBJECT = "mailto:admin@example.org";

export const ORIGIN = "https://localhost:4431";

/** Now, in seconds since the epoch: web-push asks nobody else. */
export function now(): number {
	return Date.now() / 1000;
}

export function serviceThat(answers: Answer = { with: "status", status: 201 }, name = "Browser"): PushService {
	return new PushService({ kind: "webpush", name, answers }, ORIGIN);
}

/** A request that web-push makes for a subscription. */
export function requestTo(
	{ endpoint, p256dh, auth }: Subscription, payload: string | Buffer | undefined, options: webpush.RequestOptions = {},
): PushRequest {
	const { publicKey, privateKey } = SERVER_KEYS;
	const { method, headers, body } = webpush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
		vapidDetails: { subject: SUBJECT, publicKey, privateKey }, contentEncoding: "aes128gcm", ...options,
	});
	const byName = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
	return { method, url: endpoint, headers: Object.fromEntries(byName), body: body ?? Buffer.alloc(0) };
}

/** A token like that which web-push makes, for another time (seconds since the epoch): good for an hour then. */
export async function tokenFor(audience: string, at: number): Promise<string> {
	const point = Buffer.from(SERVER_KEYS.publicKey, "base64url");
	const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((bytes) => bytes.toString("base64url"));
	const key = await importJWK({ kty: "EC", crv: "P-256", d: SERVER_KEYS.privateKey, x, y }, "ES256");
	return new SignJWT({ aud: audience, exp: Math.floor(at) + 3600, sub: SUBJECT }).setProtectedHeader({ alg: "ES256", typ: "JWT" })
		.sign(key);
}

/** The same request at another time. */
export async function requestAt(request: PushRequest, at: number): Promise<PushRequest> {
	const token = await tokenFor(new URL(request.url).origin, at);
	return { ...request, headers: { ...request.headers, authorization: `vapid t=${token}, k=${SERVER_KEYS.publicKey}` } };
}

/** A stanza that has `mod_poster` send a request. What HTTP libraries add by themselves is left out. */
export function postStanza(id: string, { method, url, headers, body }: PushRequest): string {
	const post = new Element("post", { xmlns: "urn:example:poster", method, url });
	for (const [name, value] of Object.entries(headers)) {
		const usual = name.replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase());
		if (name !== "content-length") post.c("header", { name: usual === "Ttl" ? "TTL" : usual }).t(value);
	}
	post.c("body").t(body.toString("base64"));
	const stanza = new Element("iq", { type: "set", id });
	stanza.cnode(post);
	return stanza.toString();
}
