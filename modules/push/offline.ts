import type { Pusher } from "./pusher";

/** Pushes messages that nobody is connected for, and what a groupchat sends to the account instead of a client. */
export function push_offline_messages<Registration>({ module, require, notify_all }: Pusher<Registration>): void {
	const jid = require("util.jid");

	module.hook("message/offline/handle", ({ origin, stanza, username }) => {
		// What was in the queue of the account's last session, which has ended, comes from that session, not from its sender.
		const was_queued = origin.username === username && origin.full_jid !== stanza.attr.from;
		const stage = was_queued ? "queued" : undefined;
		notify_all(jid.node(stanza.attr.to) ?? username, { stanza, stage });
		return undefined;
	}, 1);

	module.hook("message/bare/groupchat", (event) => {
		const username = jid.node(event.stanza.attr.to) ?? event.origin.username;
		if (username !== undefined) notify_all(username, { stanza: event.stanza });
		return undefined;
	}, 1);
}
