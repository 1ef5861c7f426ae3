import type { Cache, ModuleApi, Require, Stanza } from "../../bridge/api";

/** How many pushes are remembered; the oldest is given up then, and errors that it meets are not ours to handle. */
const remembered_pushes = 1000;

/** A registration as long as it is the same one, and what is known of the pushes to it. */
export interface Addressee {
	username: string;
	identifier: string;
	/** The id of the push that was sent last. */
	last?: string;
	/** The ids of pushes that show whether the service works, the oldest first. */
	watched: string[];
}

/** A push that was sent. */
export interface SentPush {
	addressee: Addressee;
	message: Stanza;
	/** Times are in seconds since the epoch. */
	sent_at: number;
	/** When it was sent for the first time. */
	first_sent_at: number;
	/** How often it was sent again. */
	retries: number;
}

/** The pushes that may still meet an error, by the ids of their messages. */
export interface SentPushes {
	get(this: void, id: string): SentPush | undefined;
	/** To be called before the message is sent: its error may come while it is being sent. */
	remember(this: void, id: string, push: SentPush): void;
}

/**
 * Remembers pushes and hears the errors that they meet: there is no other answer to a message. An error counts once,
 * and only from whom the push was sent to; where the server itself could not deliver it, it answers in that name.
 * What is remembered outlives a reload of the module.
 */
export function remember_sent(
	module: ModuleApi, require: Require, on_error: (this: void, id: string, push: SentPush, error: Stanza) => void,
): SentPushes {
	const jid = require("util.jid");
	const shared = module.shared<{ pushes?: Cache<SentPush> }>("sent");
	shared.pushes ??= require("util.cache").new<SentPush>(remembered_pushes);
	const pushes = shared.pushes;

	module.hook("message/host", ({ stanza }) => {
		const { id, type, from } = stanza.attr;
		if (id === undefined || type !== "error") return undefined;
		const push = pushes.get(id);
		if (push === undefined) return undefined;
		// The router brings some addresses into their normal form, and others not.
		const sender = jid.prep(from);
		if (sender === undefined || sender !== jid.prep(push.message.attr.to)) return undefined;
		pushes.set(id, undefined);
		on_error(id, push, stanza);
		return true;
	}, 1);

	return {
		get: (id) => pushes.get(id),
		remember: (id, push) => {
			pushes.set(id, push);
		},
	};
}
