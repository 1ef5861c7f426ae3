import type { Cache, ModuleApi, Require, Stanza } from "../../bridge/api";
import type { Addressee } from "./addressee";

/** How many pushes are remembered, little of each. Errors that an older one meets are not ours to handle. */
const remembered_pushes = 10000;

/** What is remembered of a push that was sent. */
export interface SentPush {
	addressee: Addressee;
	/** Whom it was sent to. */
	service: string | undefined;
	/** In seconds since the epoch. */
	sent_at: number;
}

/** The pushes that may still meet an error, by the ids of their messages. */
export interface SentPushes {
	/** To be called before the message is sent: its error may come while it is being sent. */
	remember(this: void, id: string, push: SentPush): void;
}

/** Nobody will hear now that it has to be sent again. */
function let_go(id: string, { addressee }: SentPush): boolean {
	if (addressee.last?.id === id) addressee.last = undefined;
	return true;
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
	shared.pushes ??= require("util.cache").new<SentPush>(remembered_pushes, (id, push) => let_go(id, push));
	const pushes = shared.pushes;

	module.hook("message/host", ({ stanza }) => {
		const { id, type, from } = stanza.attr;
		if (id === undefined || type !== "error") return undefined;
		const push = pushes.get(id);
		if (push === undefined) return undefined;
		// The router brings some addresses into their normal form, and others not.
		const sender = jid.prep(from);
		if (sender === undefined || sender !== jid.prep(push.service)) return undefined;
		pushes.set(id, undefined);
		on_error(id, push, stanza);
		return true;
	}, 1);

	return {
		remember: (id, push) => {
			pushes.set(id, push);
		},
	};
}
