import type { CryptoLibrary, Require, Stanza } from "../../bridge/api";
import { key_reader } from "../push/webpush/keys";
import type { Endpoint, EndpointReader } from "./endpoint";
import type { Reading } from "./reading";

/** What a client got from `PushManager.subscribe`. */
export interface Subscription {
	endpoint: Endpoint;
	/** As the client wrote them, and good. */
	p256dh: string;
	auth: string;
}

export interface SubscriptionReader {
	/** @param request `<enable/>` */
	subscription(this: void, request: Stanza): Reading<Subscription>;
	/**
	 * @param request `<disable/>`
	 * @returns the endpoint's URL; nothing at all if the request names none
	 */
	endpoint(this: void, request: Stanza): Reading<string> | undefined;
}

/** The text of the only child of a name; nil if there is no such child. */
function read_only_child(request: Stanza, name: string): Reading<string> | undefined {
	let found: Stanza | undefined;
	for (const child of request.childtags(name)) {
		if (found !== undefined) return { refusal: `More than one child tag '${name}'` };
		found = child;
	}
	if (found === undefined) return undefined;
	const text = found.get_text();
	return text === undefined || text === "" ? { refusal: `No text in child tag '${name}'` } : { value: text };
}

export function subscription_reader(
	require: Require, crypto: CryptoLibrary, read_endpoint: EndpointReader,
): SubscriptionReader {
	const keys = key_reader(require, crypto);

	const read_needed_child = (request: Stanza, name: string): Reading<string> =>
		read_only_child(request, name) ?? { refusal: `Missing enable child tag '${name}'` };

	return {
		subscription(request) {
			const url = read_needed_child(request, "endpoint");
			if (url.refusal !== undefined) return url;
			const auth = read_needed_child(request, "auth");
			if (auth.refusal !== undefined) return auth;
			const p256dh = read_needed_child(request, "p256dh");
			if (p256dh.refusal !== undefined) return p256dh;
			const endpoint = read_endpoint(url.value);
			if (endpoint.refusal !== undefined) return endpoint;
			if (keys.auth_secret(auth.value) === undefined) return { refusal: "auth is not 16 bytes in base64" };
			if (keys.public_key(p256dh.value) === undefined) {
				return { refusal: "p256dh is not an uncompressed point on P-256 in base64" };
			}
			return { value: { endpoint: endpoint.value, p256dh: p256dh.value, auth: auth.value } };
		},
		endpoint(request) {
			const url = read_only_child(request, "endpoint");
			if (url?.value === undefined) return url;
			// One that is not allowed any more may well be registered still.
			return { value: read_endpoint(url.value).value?.url ?? url.value };
		},
	};
}
