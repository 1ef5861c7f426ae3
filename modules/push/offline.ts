import type { Pusher } from "./pusher";

/** Pushes messages that nobody is connected for, and what a groupchat sends to the account instead of a client. */
export function push_offline_messages<Registration>({ module, require, notify_all }: Pusher<Registration>): void {
	const jid = require("util.jid");

	module.hook("message/offline/handle", ({ stanza, username }) => {
		// It may have been in the queue of a session that has ended.
		notify_all(jid.node(stanza.attr.to) ?? username, { stanza, stage: "queued" });
		return undefined;
	}, 1);

	module.hook("message/bare/groupchat", (event) => {
		const username = jid.node(event.stanza.attr.to) ?? event.origin.username;
		if (username !== undefined) notify_all(username, { stanza: event.stanza });
		return undefined;
	}, 1);
}
