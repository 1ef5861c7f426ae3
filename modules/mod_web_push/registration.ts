import type { CryptoLibrary, ModuleApi, Require, Session, Stanza, WebPushRegistration } from "../../bridge/api";
import type { NamedRegistration, Registrations } from "../push/registrations";
import { byte_length } from "../push/text/bytes";
import type { EndpointReader } from "./endpoint";
import { endpoint_identifier, short_identifier } from "./identifier";
import { subscription_reader } from "./subscription";

export const xmlns_webpush = "urn:xmpp:webpush:0";
const public_key_form = "http://jabber.org/protocol/webpush#public-key";
const public_key_field = "webpush#public-key";

/** Bytes of the client's own id, which is a UUID (XEP-0388, 2.3): clients choose it, and nobody has looked at it. */
const longest_client_id = 1023;

export interface WebPushRegistrationOptions {
	registrations: Registrations<WebPushRegistration>;
	crypto: CryptoLibrary;
	/** The server's public key in base64url. */
	public_key: string;
	read_endpoint: EndpointReader;
	/** Told of each registration that has ended. */
	on_ended: (this: void, username: string, identifier: string) => void;
	/** Told of each registration that was made anew, on a session that may be another than before. */
	on_replaced: (this: void, session: Session, identifier: string) => void;
}

/** Whether a registration is one of the client's that has the session: made by it, or in use on it. */
function is_of_client(session: Session, { identifier, registration }: NamedRegistration<WebPushRegistration>): boolean {
	if (identifier === session.web_push_identifier) return true;
	return session.client_id !== undefined
		? registration.client_id === session.client_id
		: registration.resource === session.resource;
}

/** Answers clients that enable and disable Web Push, and tells them in disco the key to subscribe for. */
export function handle_web_push_registration(
	module: ModuleApi, require: Require, options: WebPushRegistrationOptions,
): void {
	const { registrations, public_key, on_ended, on_replaced } = options;
	const st = require("util.stanza");
	const time = require("util.time");
	const length = byte_length(require);
	const identifier_of = endpoint_identifier(require);
	const read = subscription_reader(require, options.crypto, options.read_endpoint);
	const form = require("util.dataforms").new([
		{ name: "FORM_TYPE", type: "hidden", value: public_key_form },
		{ name: public_key_field, type: "text-single", value: public_key },
	]);

	const refuse = (origin: Session, stanza: Stanza, type: string, condition: string, text?: string): boolean => {
		origin.log("debug", "Web Push request of %s refused: %s", origin.full_jid, text ?? condition);
		origin.send(st.error_reply(stanza, type, condition, text));
		return true;
	};

	module.hook("account-disco-info", ({ reply }) => {
		reply.tag("feature", { var: xmlns_webpush }).up().add_child(form.form({}, "result"));
		return undefined;
	});

	module.hook(`iq-set/self/${xmlns_webpush}:enable`, ({ origin, stanza }) => {
		const username = origin.username!;
		const { client_id } = origin;
		if (client_id !== undefined && length(client_id) > longest_client_id) {
			return refuse(origin, stanza, "modify", "policy-violation", "Client id of more than 1023 bytes");
		}
		const subscription = read.subscription(stanza.tags[0]!);
		if (subscription.refusal !== undefined) {
			return refuse(origin, stanza, "modify", "bad-request", subscription.refusal);
		}
		const { endpoint, p256dh, auth } = subscription.value;
		const identifier = identifier_of(endpoint.url);
		const registration: WebPushRegistration = {
			endpoint: endpoint.url,
			p256dh,
			auth,
			timestamp: Math.floor(time.now()),
			client_id,
			resource: client_id === undefined ? origin.resource : undefined,
			server_key: public_key,
		};

		const is_replaced = registrations.get(username, identifier) !== undefined;
		const surplus = registrations.add(username, { identifier, registration });
		if (surplus === undefined) return refuse(origin, stanza, "wait", "internal-server-error");
		if (is_replaced) on_replaced(origin, identifier);
		for (const ended of surplus) on_ended(username, ended.identifier);

		origin.web_push_identifier = identifier;
		origin.first_hibernated_push = undefined;
		origin.log("info", "Web Push enabled for %s (%s at %s)", origin.full_jid, short_identifier(identifier), endpoint.service);
		origin.send(st.reply(stanza));
		return true;
	});

	module.hook(`iq-set/self/${xmlns_webpush}:disable`, ({ origin, stanza }) => {
		const username = origin.username!;
		const endpoint = read.endpoint(stanza.tags[0]!);
		if (endpoint?.refusal !== undefined) return refuse(origin, stanza, "modify", "bad-request", endpoint.refusal);
		const registered = registrations.all(username);
		if (registered === undefined) return refuse(origin, stanza, "wait", "internal-server-error");

		const named = endpoint !== undefined ? identifier_of(endpoint.value) : undefined;
		const disabled = registered.filter((registration) =>
			(named !== undefined ? registration.identifier === named : is_of_client(origin, registration)));
		const identifiers = disabled.map(({ identifier }) => identifier);
		if (identifiers.length > 0 && !registrations.remove(username, identifiers)) {
			return refuse(origin, stanza, "wait", "internal-server-error");
		}
		for (const identifier of identifiers) {
			origin.log("info", "Web Push disabled for %s (%s)", origin.full_jid, short_identifier(identifier));
			on_ended(username, identifier);
		}
		origin.send(st.reply(stanza));
		return true;
	});
}
