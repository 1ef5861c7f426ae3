import type { CloudNotifyPushEvent, GroupchatRule, ModuleApi, PushRegistration, Require, Stanza } from "../../bridge/api";
import { account_of } from "../push/account";
import { unwrapped } from "../push/unwrapped";
import { mention_finder } from "./mention";

/**
 * Holds a push against the filters of its registration. They may have been stored by anyone: what is not of the right
 * shape is not there.
 * @returns why it is held back; nil if it is not
 */
export type PushFilter = (this: void, event: CloudNotifyPushEvent) => string | undefined;

export function push_filter(module: ModuleApi, require: Require): PushFilter {
	const jid = require("util.jid");
	const { is_contact_subscribed } = require("core.rostermanager");
	const is_mentioned = mention_finder(require);

	const is_muted = ({ muted_jids }: PushRegistration, sender: string): boolean =>
		typeof muted_jids === "object" && muted_jids[sender] === true;

	/** What a client lists are the rooms that it wants to be pushed for: what it wants nothing of it may leave out. */
	const reason_to_hold_back = (
		{ groupchat_rules }: PushRegistration, message: Stanza, account: string, room: string,
	): string | undefined => {
		if (typeof groupchat_rules !== "object") return undefined;
		const rule = groupchat_rules[room];
		const { when, nick }: GroupchatRule = typeof rule === "object" ? rule : {};
		if (when === "always") return undefined;
		if (when === "mentioned") return is_mentioned(message, { account, room, nick }) ? undefined : "Filtering: not mentioned";
		return when === "never" ? "Filtering: muted group chat" : "Filtering: group chat without a rule";
	};

	return ({ original_stanza, username, push_info }) => {
		// A ping is about nobody.
		if (original_stanza === undefined) return undefined;
		const account = account_of(module, username);
		// A copy of what the user sent is judged as it is: it comes from the account, which is no contact of itself.
		const stanza = unwrapped(original_stanza, account);
		const sender = jid.bare(stanza.attr.from);
		// What the server itself sends to a client has none.
		if (sender === undefined) return undefined;
		const is_groupchat = stanza.attr.type === "groupchat";

		// A room is no contact, whoever joined it.
		if (push_info.filter_unknown === true && !is_groupchat
			&& is_contact_subscribed(username, module.host, sender) !== true) return "Filtering: unknown sender";
		if (is_muted(push_info, sender)) return "Filtering: muted";
		return is_groupchat ? reason_to_hold_back(push_info, stanza, account, sender) : undefined;
	};
}
