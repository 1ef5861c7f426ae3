import type { ModuleApi, PushRegistration, Require, Session, Stanza } from "../../bridge/api";
import { advertise } from "../push/disco";
import type { NamedRegistration, Registrations } from "../push/registrations";
import { xmlns_push } from "../push/xmlns";

export interface RegistrationOptions {
	registrations: Registrations<PushRegistration>;
	/** Told of each registration that has ended. */
	on_ended: (this: void, username: string, ended: NamedRegistration<PushRegistration>) => void;
}

/** Answers clients that enable and disable push (XEP-0357, section 5), and says in disco that they can. */
export function handle_registration(module: ModuleApi, require: Require, options: RegistrationOptions): void {
	const { registrations, on_ended } = options;
	const st = require("util.stanza");
	const jid = require("util.jid");
	const time = require("util.time");

	const refuse = (origin: Session, stanza: Stanza, type: string, condition: string, text?: string): boolean => {
		origin.send(st.error_reply(stanza, type, condition, text));
		return true;
	};

	advertise(module, [xmlns_push]);

	module.hook(`iq-set/self/${xmlns_push}:enable`, (event) => {
		const { origin, stanza } = event;
		const username = origin.username!;
		const enable = stanza.tags[0]!;
		if (enable.attr.jid === undefined) {
			origin.log("debug", "Push notification enable request missing the 'jid' field");
			return refuse(origin, stanza, "modify", "bad-request", "Missing jid");
		}
		// Answers will come from the prepared JID.
		const service = jid.prep(enable.attr.jid);
		if (service === undefined) {
			origin.log("debug", "Push notification enable request with an invalid 'jid' field");
			return refuse(origin, stanza, "modify", "jid-malformed", "Invalid jid");
		}
		if (service === stanza.attr.from || service === jid.bare(stanza.attr.from)) {
			origin.log("debug", "Push notification enable request 'jid' field identical to our own");
			return refuse(origin, stanza, "modify", "bad-request", "JID must be different from ours");
		}

		const publish_options = enable.get_child("x", "jabber:x:data");
		if (publish_options === undefined) origin.log("debug", "No publish options in request");

		const identifier = `${service}<${enable.attr.node ?? ""}`;
		const registration: PushRegistration = {
			jid: service,
			node: enable.attr.node,
			include_payload: enable.attr.include_payload,
			options: publish_options !== undefined ? st.preserialize(publish_options) : undefined,
			timestamp: Math.floor(time.now()),
			client_id: origin.client_id,
			resource: origin.client_id === undefined ? origin.resource : undefined,
			language: stanza.attr["xml:lang"],
		};
		const allowed = module.fire_event("cloud_notify/registration", { origin, stanza, push_info: registration });
		// Who refuses has answered.
		if (allowed === false) return true;

		const surplus = registrations.add(username, { identifier, registration });
		if (surplus === undefined) return refuse(origin, stanza, "wait", "internal-server-error");
		for (const ended of surplus) on_ended(username, ended);

		origin.push_identifier = identifier;
		origin.push_settings = registration;
		origin.first_hibernated_push = undefined;
		origin.log("info", "Push notifications enabled for %s (%s)", stanza.attr.from, identifier);
		origin.send(st.reply(stanza));
		return true;
	});

	module.hook(`iq-set/self/${xmlns_push}:disable`, (event) => {
		const { origin, stanza } = event;
		const username = origin.username!;
		const { jid: given, node } = stanza.tags[0]!.attr;
		if (given === undefined) return refuse(origin, stanza, "modify", "bad-request", "Missing jid");
		// Registrations that the original stored have the JID as it was given.
		const service = jid.prep(given);
		const disabled = (registrations.all(username) ?? []).filter(({ registration }) =>
			(registration.jid === service || registration.jid === given)
			&& (node === undefined || registration.node === node));
		if (!registrations.remove(username, disabled.map(({ identifier }) => identifier))) {
			return refuse(origin, stanza, "wait", "internal-server-error");
		}
		for (const ended of disabled) {
			origin.log("info", "Push notifications disabled (%s)", ended.identifier);
			on_ended(username, ended);
		}
		origin.send(st.reply(stanza));
		return true;
	});
}
