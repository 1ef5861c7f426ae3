import type { ModuleApi, PushRegistration, PushSummary, Require, Stanza } from "../../bridge/api";
import type { NamedRegistration } from "../push/registrations";
import { is_important } from "../push/importance";
import type { SummaryOptions } from "../push/summary-options";
import { xmlns_push } from "../push/xmlns";

export interface Notification {
	/** The IQ to send. */
	iq: Stanza;
	/** `<notification/>` in it. */
	payload: Stanza;
	summary: PushSummary;
	important: boolean;
}

/** Makes the notifications of XEP-0357, section 6. */
export function notification_maker(module: ModuleApi, require: Require, options: SummaryOptions) {
	const st = require("util.stanza");
	const hashes = require("util.hashes");
	const random = require("util.random");
	const summary_form = require("util.dataforms").new([
		{ name: "FORM_TYPE", type: "hidden", value: "urn:xmpp:push:summary" },
		{ name: "message-count", type: "text-single" },
		{ name: "pending-subscription-count", type: "text-single" },
		{ name: "last-message-sender", type: "jid-single" },
		{ name: "last-message-body", type: "text-single" },
	]);

	/**
	 * @param stanza what the push is about; nil for a ping
	 */
	return ({ registration }: NamedRegistration<PushRegistration>, stanza: Stanza | undefined): Notification => {
		// The XEP does not say what to count; 1 tells that there is something.
		const summary: PushSummary = { "message-count": "1" };
		let important = false;
		if (stanza !== undefined) {
			if (options.with_sender) summary["last-message-sender"] = stanza.attr.from;
			if (options.with_body) {
				const body = stanza.get_child_text("body");
				summary["last-message-body"] = body;
				important = body !== undefined;
			} else if (is_important(stanza)) {
				important = true;
				if (options.important_body !== "") summary["last-message-body"] = options.important_body;
			}
		}

		const payload = st.stanza("notification", { xmlns: xmlns_push });
		payload.add_child(summary_form.form(summary));

		const iq = st.iq({
			to: registration.jid,
			from: module.host,
			type: "set",
			id: hashes.sha256(random.bytes(8), true),
		});
		iq.tag("pubsub", { xmlns: "http://jabber.org/protocol/pubsub" })
			.tag("publish", { node: registration.node })
			.tag("item").add_child(payload).up()
			.up();
		if (registration.options !== undefined) {
			iq.tag("publish-options").add_child(st.deserialize(registration.options));
		}
		return { iq, payload, summary, important };
	};
}
