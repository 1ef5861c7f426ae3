import { checkBody, LARGEST_BODY, readBody } from "./body";
import { checkVapid } from "./vapid";
import { createHash } from "node:crypto";
import { keysOf, type ClientKeys } from "../scenario/client-keys";
import { readServerKey } from "./server-key";
import { Refusal } from "./refusal";
import type { Answer, Subscription, WebPushCharacter } from "../scenario/stage";
import type { HttpEntry } from "../trace/entry";

/** The values that `Urgency` may have (RFC 8030, 5.3). */
const URGENCIES: ReadonlySet<string> = new Set(["very-low", "low", "normal", "high"]);
/** RFC 8030, 5.4. */
const TOPIC = /^[A-Za-z0-9_-]{1,32}$/;
/** Seconds, as in RFC 9111 (1.2.2), where they must fit 31 bits. */
const TTL = /^\d{1,10}$/;
const LONGEST_TTL = 2 ** 31;

/** A request as it arrives. */
export interface PushRequest {
	method: string;
	/** With its origin. */
	url: string;
	/** By name in lower case. */
	headers: Record<string, string>;
	body: Buffer;
}

export interface PushResponse {
	status: number;
	headers: Record<string, string>;
	body: string;
}

/** What comes of a request. */
export interface Push {
	/** All that the trace says of it, but when. */
	entry: Omit<HttpEntry, "at">;
	/** What the browser gets, as JSON; absent if it gets nothing. */
	message?: string;
	/** Absent if the service never answers. */
	response?: PushResponse;
	/** What is wrong with the request, for the log. */
	problem?: string;
}

/**
 * A push service (RFC 8030) with the one subscription of a browser. It takes what real services take, and nothing else.
 */
export class PushService {
	/** Of the character. */
	readonly name: string;
	/** Such as `https://localhost:4431`. */
	readonly origin: string;
	readonly #path: string;
	readonly #keys: ClientKeys;
	#answers: Answer;
	/** What the subscription was made with: the server's public key, base64url. */
	#serverKey: string | undefined;
	#messages = 0;

	constructor({ name, answers }: WebPushCharacter, origin: string) {
		this.name = name;
		this.origin = origin;
		this.#keys = keysOf(name);
		this.#answers = answers;
		// The endpoint is a secret of those who know it (RFC 8030, 8.3).
		this.#path = `/push/${createHash("sha256").update(`prosody-push endpoint ${name}`).digest("base64url").slice(0, 22)}`;
	}

	/**
	 * The subscription.
	 * @param published what the script can have as the server's key by now (`applicationServerKey`): the first is the one that it is made with,
	 * or the key that signs the first accepted request, whichever comes first
	 */
	subscribe(published: string | undefined): Subscription {
		if (published !== undefined && readServerKey(published)) this.#serverKey ??= published;
		return {
			endpoint: this.origin + this.#path,
			p256dh: this.#keys.receiving.getPublicKey("base64url"),
			auth: this.#keys.auth_secret.toString("base64url"),
		};
	}

	/** How requests that are as they should be are answered from here on. Throws for what only a component answers. */
	answer(answer: Answer): void {
		if (answer.with !== "status" && answer.with !== "nothing") {
			throw new Error(`The push service ${this.name} answers with HTTP statuses, not with stanzas`);
		}
		this.#answers = answer;
	}

	/**
	 * Takes a request.
	 * @param now seconds since the epoch
	 */
	receive(request: PushRequest, now: number): Push {
		const { method, url, headers } = request;
		// No more than tells that it is too large.
		const body = request.body.subarray(0, LARGEST_BODY + 1);
		const read = readBody(body, this.#keys);
		const entry: Push["entry"] = { kind: "http", to: this.name, method, url, headers, body: body.toString("base64"), ...read };
		try {
			const vapid = checkVapid(headers.authorization, { audience: this.origin, key: this.#serverKey, now });
			entry.vapid = vapid.claims;
			this.#checkAddress(request);
			checkHeaders(headers);
			checkBody(body, headers["content-encoding"]);
			this.#serverKey ??= vapid.key;
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			const { status, message: reason } = error;
			return {
				entry: { ...entry, answer: `${status} ${reason}` },
				response: { status, headers: status === 405 ? { allow: "POST" } : {}, body: `${reason}\n` },
				problem: `refused with ${status}: ${reason}`,
			};
		}
		const response = this.#respond(headers.ttl!);
		const push: Push = { entry: { ...entry, answer: response ? String(response.status) : "none" }, response };
		if (read || body.length === 0) push.message = messageOf(push.entry);
		else push.problem = "dropped by the browser: its keys do not decrypt the body";
		return push;
	}

	#checkAddress({ method, url }: PushRequest): void {
		if (url !== this.origin + this.#path) throw new Refusal(404, "there is no such subscription");
		if (method !== "POST") throw new Refusal(405, `expected POST, got ${method}`);
	}

	/** Undefined if the service keeps silent. */
	#respond(ttl: string): PushResponse | undefined {
		const answer = this.#answers;
		if (answer.with !== "status") return undefined;
		const { status, retry_after } = answer;
		const isTaken = status === 201;
		return {
			status,
			headers: {
				...isTaken && { location: `${this.origin}/message/${++this.#messages}`, ttl },
				...retry_after !== undefined && { "retry-after": String(retry_after) },
			},
			body: "",
		};
	}
}

/** How a push is to be delivered (RFC 8030, 5). */
function checkHeaders({ ttl, urgency, topic }: PushRequest["headers"]): void {
	if (ttl === undefined) throw new Refusal(400, "no TTL");
	if (!TTL.test(ttl) || Number(ttl) > LONGEST_TTL) throw new Refusal(400, "TTL: expected seconds");
	if (urgency !== undefined && !URGENCIES.has(urgency)) {
		throw new Refusal(400, `Urgency: expected one of ${[...URGENCIES].join(", ")}`);
	}
	if (topic !== undefined && !TOPIC.test(topic)) throw new Refusal(400, "Topic: expected up to 32 characters of base64url");
}

/** What a script sees of a push: what its payload says, and beside that how it was to be delivered, and who says so. */
function messageOf({ payload, headers: { ttl, urgency, topic }, vapid }: Push["entry"]): string {
	const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
	return JSON.stringify({
		...isObject ? payload : payload !== undefined && { $payload: payload },
		$headers: { ttl, urgency, topic },
		$claims: vapid,
	});
}
