import type { CryptoLibrary, ModuleApi, Prosody, Push2Match, Push2Registration, Require, Stanza } from "../../bridge/api";
import { account_of } from "../push/account";
import { archive_id_of } from "../push/archived";
import type { Subject } from "../push/once";
import type { NamedRegistration } from "../push/registrations";
import type { Rules } from "../push/rules";
import { content_encryption } from "../push/webpush/encryption";
import { envelope_maker } from "./envelope";
import type { Matcher } from "./matching";
import { send_encrypted, send_notify_only, xmlns_push2 } from "./profiles";
import { token_algorithm, token_maker } from "../push/webpush/token";

export interface NotificationOptions {
	/** What is to be pushed. */
	matches: Matcher;
	rules: Rules;
	/** Nil where nothing can be encrypted. */
	crypto: CryptoLibrary | undefined;
	/** `push2_max_payload`, in bytes. */
	max_payload: number;
	/** `contact_uri` */
	contact_uri: string;
	/** `push2_max_retry_age`: seconds for which a notification may be sent again. */
	max_retry_age: number;
}

/** Adds to a notification what a send profile says of a stanza. False if it cannot be said. */
type Send = (this: void, notification: Stanza, match: Push2Match, subject: Subject, username: string) => boolean;

/** Adds the stanza, encrypted for the client, and a token for its push service. */
function encrypted_send(
	module: ModuleApi, prosody: Prosody, require: Require, crypto: CryptoLibrary,
	{ max_payload, contact_uri, max_retry_age }: NotificationOptions,
): Send {
	const { base64 } = require("util.encodings");
	const { encrypt } = content_encryption(require, crypto);
	const make_envelope = envelope_maker(module, require, { max_payload });
	const make_token = token_maker(require, crypto, { contact_uri, needed_for: max_retry_age });

	return (notification, match, { stanza, archive_id }, username) => {
		const account = account_of(module, username);
		const id = archive_id ?? archive_id_of(module, prosody, stanza, username);
		const envelope = make_envelope(stanza, id !== undefined ? { id, by: account } : undefined);
		const payload = encrypt(envelope, match.ua_public ?? "", match.auth_secret ?? "");
		if (payload === undefined) {
			module.log("warn", "Cannot encrypt for a client of %s: its keys are unusable", account);
			return false;
		}
		notification.tag("encrypted", { xmlns: "urn:xmpp:sce:rfc8291:0" }).text_tag("payload", base64.encode(payload)).up();
		if (match.jwt_alg === token_algorithm) {
			const token = make_token(match);
			if (token !== undefined) {
				notification.text_tag("jwt", token.token, { key: token.key });
			} else {
				module.log("warn", "Cannot sign a token for a client of %s: its key is unusable", account);
			}
		}
		return true;
	};
}

/** Makes the messages that push services get. */
export function notification_maker(
	module: ModuleApi, prosody: Prosody, require: Require, options: NotificationOptions,
) {
	const { matches, rules, crypto } = options;
	const st = require("util.stanza");
	const uuid = require("util.uuid");

	const sends: Record<string, Send | undefined> = { [send_notify_only]: () => true };
	if (crypto !== undefined) sends[send_encrypted] = encrypted_send(module, prosody, require, crypto, options);

	/** The notification, but for what send profiles add. */
	const new_notification = (client: string, priority: "high" | "normal" | "low"): Stanza =>
		st.stanza("notification", { xmlns: xmlns_push2 }).text_tag("client", client).text_tag("priority", priority);

	/** About a stanza, for these matches of a registration; nil if none of them can say it. */
	const about = (
		subject: Subject, client: string, matched: readonly Push2Match[], username: string,
	): Stanza | undefined => {
		const is_call = rules.urgency(subject.stanza, username) !== undefined;
		const is_important = is_call || rules.is_important(subject.stanza, username);
		const notification = new_notification(client, is_call ? "high" : is_important ? "normal" : "low");
		if (is_call) notification.tag("voip").up();
		const done: string[] = [];
		for (const match of matched) {
			if (done.includes(match.send)) continue;
			if (sends[match.send]?.(notification, match, subject, username) === true) done.push(match.send);
		}
		return done.length > 0 ? notification : undefined;
	};

	/**
	 * @param subject what the push is about; nil for a ping, which every registration gets
	 * @returns the message to send; nil if nothing of the registration matches
	 */
	return (
		username: string, { identifier, registration }: NamedRegistration<Push2Registration>, subject: Subject | undefined,
	): Stanza | undefined => {
		const { client, service } = registration;
		let notification: Stanza | undefined;
		if (subject === undefined) {
			notification = new_notification(client, "low");
		} else {
			// Most stanzas match nothing, and then nothing is made.
			const matched = registration.matches.filter((match) => matches(match, subject, { username, identifier }));
			if (matched.length > 0) notification = about(subject, client, matched, username);
		}
		if (notification === undefined) return undefined;
		return st.message({ to: service, from: module.host, id: uuid.generate() }).add_child(notification).reset();
	};
}
