import type { ModuleApi, Prosody, Push2Filter, Push2Match, Require, Stanza } from "../../bridge/api";
import { account_of } from "../push/account";
import { archive_id_of } from "../push/archived";
import { carbon_copied_message } from "../push/carbons";
import { is_named_in } from "../push/mention";
import type { Subject } from "../push/once";
import { received } from "../push/received";
import type { Rules } from "../push/rules";
import type { Activity } from "./activity";
import { has_body } from "./importance";
import { match_all, match_archived, match_archived_with_body, match_important, xmlns_push2 } from "./profiles";
import type { Rooms } from "./rooms";

/** Whose registration a match is of. */
export interface Owner {
	username: string;
	/** The registration's. */
	identifier: string;
}

/** Whether a push is to be sent for a stanza. */
export type Matcher = (this: void, match: Push2Match, subject: Subject, owner: Owner) => boolean;

/** Whether a stanza, or what it is a copy of, is itself a push: of Push 2.0, or of XEP-0357. */
function is_push(stanza: Stanza): boolean {
	const sent = carbon_copied_message(stanza) ?? stanza;
	return sent.get_child("notification", xmlns_push2) !== undefined
		|| sent.find("{http://jabber.org/protocol/pubsub}pubsub/publish/item/{urn:xmpp:push:0}notification") !== undefined;
}

/** Holds stanzas against matches: profile, `<grace/>` and `<filter/>`. */
export function stanza_matcher(
	module: ModuleApi, prosody: Prosody, require: Require,
	{ rules, activity, rooms }: { rules: Rules; activity: Activity; rooms: Rooms },
): Matcher {
	const jid = require("util.jid");

	/** Stored by the archive as news for the user, which what they sent themselves is not. */
	const is_archived = ({ stanza, archive_id }: Subject, username: string): boolean => {
		if (archive_id !== undefined) return true;
		return received(stanza, account_of(module, username)) !== undefined
			&& archive_id_of(module, prosody, stanza, username) !== undefined;
	};

	const is_in_profile = (profile: string, subject: Subject, username: string): boolean => {
		if (profile === match_all) return true;
		if (profile === match_important) return rules.is_important(subject.stanza, username);
		if (profile === match_archived) return is_archived(subject, username);
		if (profile !== match_archived_with_body || !is_archived(subject, username)) return false;
		const message = received(subject.stanza, account_of(module, username));
		return message !== undefined && has_body(message);
	};

	const filter_of = ({ chats }: Push2Match, from: string): Push2Filter | undefined =>
		chats === undefined ? undefined : chats[from] ?? chats[jid.bare(from) ?? ""] ?? chats[jid.host(from) ?? ""];

	/** The names that the user goes by where a message is from. */
	const names_in = (from: string, username: string): readonly string[] => {
		const nicks = rooms.nicks(username, jid.bare(from) ?? "");
		return nicks.length > 0 ? nicks : [username];
	};

	/** Whether it answers one of the user's messages (XEP-0461). */
	const is_reply = (message: Stanza, from: string, names: readonly string[], username: string): boolean => {
		const to = message.get_child("reply", "urn:xmpp:reply:0")?.attr.to;
		if (to === undefined) return false;
		if (jid.bare(to) === account_of(module, username)) return true;
		return names.some((name) => to === `${jid.bare(from) ?? ""}/${name}`);
	};

	const passes_filter = (match: Push2Match, stanza: Stanza, username: string): boolean => {
		const message = received(stanza, account_of(module, username));
		const from = message?.attr.from;
		if (message === undefined || from === undefined) return true;
		const filter = filter_of(match, from);
		if (filter === undefined) return true;
		const names = names_in(from, username);
		return (filter.mention === true && is_named_in(message, names))
			|| (filter.reply === true && is_reply(message, from, names, username));
	};

	return (match, subject, { username, identifier }) => {
		// Users may be push services, each the other's: a push for every push would have no end.
		if (is_push(subject.stanza) || !is_in_profile(match.match, subject, username)) return false;
		if (match.grace !== undefined && rules.urgency(subject.stanza, username) === undefined
			&& activity.elsewhere(username, identifier, match.grace)) return false;
		return passes_filter(match, subject.stanza, username);
	};
}
