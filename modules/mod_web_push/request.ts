import type { CryptoLibrary, Require, WebPushRegistration } from "../../bridge/api";
import { content_encryption } from "../push/webpush/encryption";
import { token_algorithm, token_maker } from "../push/webpush/token";
import type { Endpoint } from "./endpoint";
import type { WebPushMessage } from "./message";
import { pem_content, type ServerKey } from "./server-key";

/** What is posted to an endpoint. */
export interface WebPushRequest {
	/** All but those of HTTP itself, such as `Host` and `Content-Length`. */
	headers: Record<string, string>;
	/** A byte string. */
	body: string;
}

export interface RequestOptions {
	server_key: Pick<ServerKey, "private_key" | "public_key">;
	/** `contact_uri`: where the operator of a push service finds ours. */
	contact_uri: string;
}

/**
 * @param payload that of the message, or the smaller one
 * @returns nil if the client's keys, or the server's, are unusable
 */
export type RequestMaker = (
	this: void,
	registration: Pick<WebPushRegistration, "p256dh" | "auth">,
	endpoint: Pick<Endpoint, "service">,
	message: Pick<WebPushMessage, "urgency" | "ttl" | "topic">,
	payload: string,
) => WebPushRequest | undefined;

/**
 * Makes the requests that push services take: RFC 8030, encrypted by RFC 8291, signed by RFC 8292. A push that is sent
 * again is to be made again, so that its token is good for at least another hour.
 */
export function request_maker(
	require: Require, crypto: CryptoLibrary, { server_key, contact_uri }: RequestOptions,
): RequestMaker {
	const { encrypt } = content_encryption(require, crypto);
	const make_token = token_maker(require, crypto, { contact_uri, needed_for: 0 });
	const jwt_key = pem_content(server_key.private_key);

	return ({ p256dh, auth }, { service }, message, payload) => {
		const token = make_token({ jwt_alg: token_algorithm, jwt_key, jwt_claims: { aud: service } });
		const body = encrypt(payload, p256dh, auth);
		if (token === undefined || body === undefined) return undefined;
		const headers: Record<string, string> = {
			TTL: String(message.ttl),
			Urgency: message.urgency,
			"Content-Type": "application/octet-stream",
			"Content-Encoding": "aes128gcm",
			Authorization: `vapid t=${token.token}, k=${server_key.public_key}`,
		};
		if (message.topic !== undefined) headers.Topic = message.topic;
		return { headers, body };
	};
}
