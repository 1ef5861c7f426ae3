import type { Pusher } from "./pusher";

/** Pushes messages that nobody is connected for, and what a groupchat sends to the account instead of a client. */
export function push_offline_messages<Registration>({ module, require, notify_all }: Pusher<Registration>): void {
	const jid = require("util.jid");

	module.hook("message/offline/handle", (event) => {
		notify_all(jid.node(event.stanza.attr.to) ?? event.username, event.stanza);
		return undefined;
	}, 1);

	module.hook("message/bare/groupchat", (event) => {
		const username = jid.node(event.stanza.attr.to) ?? event.origin.username;
		if (username !== undefined) notify_all(username, event.stanza);
		return undefined;
	}, 1);
}
