import type { ProsodyModule, WebPushRegistration } from "../../bridge/api";
import { get_number_between } from "../push/bounded-option";
import { extended_hibernation } from "../push/hibernation";
import { is_important, urgency } from "../push/importance";
import { get_boolean, get_number, get_string } from "../push/options";
import { make_pusher } from "../push/pusher";
import { open_registrations } from "../push/registrations";
import { push_sessions } from "../push/sessions";
import { get_summary_options } from "../push/summary-options";
import { push_triggers } from "../push/triggers";
import { find_crypto } from "../push/webpush/crypto";
import { web_push_command } from "./command";
import { queued_delivery } from "./delivery";
import { endpoint_reader } from "./endpoint";
import { largest_push, longest_ttl, message_maker, smallest_push } from "./message";
import { guarded_post } from "./post";
import { handle_web_push_registration } from "./registration";
import { request_maker } from "./request";
import { open_server_key } from "./server-key";
import { usable_registration_check } from "./stored";

/** Where `prosodyctl` loads a module for its command. */
const all_hosts = "*";

/** Web Push: pushes to browsers, by the push services of their makers (RFC 8030). */
export const mod_web_push: ProsodyModule = (module, prosody, require) => {
	module.command = web_push_command(module, prosody, require);
	if (module.host === all_hosts) return;

	const crypto = find_crypto(module, require);
	// Prosody shows errors that are texts as they are.
	if (crypto === undefined) throw "mod_web_push needs Prosody 13.0: 0.12 has no util.crypto";
	const server_key = open_server_key(module, require, crypto);

	const contact_uri = get_string(module, "contact_uri", `xmpp:${module.host}`);
	if (!contact_uri.startsWith("mailto:") && !contact_uri.startsWith("https:")) {
		module.log("warn", "Some push services take nothing from a server whose 'contact_uri' is no mailto: or https: URI");
	}

	const registrations = open_registrations<WebPushRegistration>(
		module, require, undefined, usable_registration_check(require, server_key.public_key));
	const hibernation = extended_hibernation(module, require, false);
	const sessions = push_sessions(module, prosody, hibernation, {
		read: (session) => session.web_push_identifier,
		clear: (session) => {
			session.web_push_identifier = undefined;
		},
	});

	const read_endpoint = endpoint_reader(module, require);
	const timeout = get_number_between(module, "web_push_timeout", 20, 1, 600);
	const delivery = queued_delivery(module, require, {
		registrations,
		read_endpoint,
		make_request: request_maker(require, crypto, { server_key, contact_uri }),
		post: guarded_post(require, { timeout }),
		timeout,
		rate: get_number_between(module, "web_push_rate", 30, 1, Infinity),
		max_requests: get_number_between(module, "web_push_max_requests", 8, 1, Infinity),
		max_errors: get_number(module, "push_max_errors", 16),
		max_retries: get_number_between(module, "web_push_max_retries", 5, 0, Infinity),
		retry_delay: get_number_between(module, "web_push_retry_delay", 30, 1, Infinity),
		max_retry_age: get_number_between(module, "web_push_max_retry_age", 3600, 0, Infinity),
		on_failed: (username, identifier) => {
			if (registrations.remove(username, [identifier])) sessions.forget_registration(username, identifier);
		},
	});

	handle_web_push_registration(module, require, {
		registrations,
		crypto,
		public_key: server_key.public_key,
		read_endpoint,
		on_ended: (username, identifier) => {
			delivery.forget(username, identifier);
			sessions.forget_registration(username, identifier);
		},
		on_replaced: (session, identifier) => {
			delivery.forget(session.username!, identifier);
			// A page that was loaded anew has another session: what waits for the old one it will not come back for.
			sessions.forget_registration(session.username!, identifier, session);
		},
	});

	const important_only = get_boolean(module, "web_push_important_only", false);
	const make_message = message_maker(module, require, {
		...get_summary_options(module),
		max_payload: get_number_between(module, "web_push_max_payload", largest_push, smallest_push, largest_push),
		ttl: get_number_between(module, "web_push_ttl", 72 * 3600, 0, longest_ttl),
		secret: server_key.private_key,
	});
	const pusher = make_pusher({
		module,
		prosody,
		require,
		registrations,
		sessions,
		rules: { urgency, is_important },
		mark_name: "_push_notify_web",
		push: (username, registered, subject) => {
			if (important_only && subject !== undefined && !is_important(subject.stanza)) return false;
			return delivery.send(username, registered, make_message(username, registered.identifier, subject?.stanza));
		},
	});
	const push_gathered = push_triggers(pusher, hibernation);

	sessions.extend_hibernating();

	module.log("info", "Module loaded");
	module.unload = () => {
		push_gathered();
		delivery.stop();
		sessions.release_all();
		module.log("info", "Module unloaded");
	};
};
