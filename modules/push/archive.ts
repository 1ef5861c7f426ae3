import type { Session, StanzaEvent } from "../../bridge/api";
import type { Pusher } from "./pusher";

/** Above the priority at which `mod_mam` archives a message. */
const before_archive = 1;

/** Pushes archived messages to registrations that have no session to get them, and urgent ones to all. */
export function push_archived_messages<Registration>(pusher: Pusher<Registration>): void {
	const { module, prosody, require, registrations, sessions, rules } = pusher;
	const jid = require("util.jid");

	// What a user sends is archived for the sender, too, and that is no news. The archive does not tell which of the two
	// it reports, but stores the one on the way in from the sender's session, the other on the way to the recipient.
	let sender: Session | undefined;
	const on_its_way_in = (event: StanzaEvent): undefined => {
		sender = event.origin;
	};
	const on_its_way_out = (): undefined => {
		sender = undefined;
	};
	module.hook("pre-message/bare", on_its_way_in, before_archive);
	module.hook("pre-message/full", on_its_way_in, before_archive);
	module.hook("message/bare", on_its_way_out, before_archive);
	module.hook("message/full", on_its_way_out, before_archive);

	module.hook("archive-message-added", (event) => {
		const { stanza, for_user: username } = event;
		if (username === undefined || (sender !== undefined && event.origin === sender)) return undefined;
		const [node, host] = jid.split(stanza.attr.to ?? jid.join(event.origin.username, module.host));
		if (node !== username || host !== module.host) return undefined;
		// With nobody connected the message goes on to message/offline/handle.
		if (prosody.hosts[module.host]?.sessions[username] === undefined) return undefined;

		let registered = registrations.all(username) ?? [];
		if (registered.length === 0) return undefined;
		const urgent = rules.urgency(stanza, username);
		if (urgent !== undefined) {
			// A session that looks alive may have a dead connection; a call cannot wait to find out.
			module.log("debug", "Urgent push for %s (%s)", username, urgent);
		} else {
			// Sessions, hibernating ones too, get the message in their queue.
			const alive = sessions.of_user(username);
			registered = registered.filter(({ identifier }) => {
				return !alive.some((session) => sessions.identifier_of(session) === identifier);
			});
		}
		pusher.notify(username, registered, { stanza, archive_id: event.id });
		return undefined;
	});
}
