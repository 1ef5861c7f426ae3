import type { Require, Stanza } from "../../bridge/api";
import { is_named_in } from "../push/mention";

/** As whom a user can be mentioned in a room. */
export interface Mentionable {
	/** Bare JIDs. */
	account: string;
	room: string;
	/** The user's nickname in the room, as the client told it. */
	nick: string | undefined;
}

/** Whether a message mentions the user: by reference (XEP-0372), or by nickname in its text. */
export type MentionFinder = (this: void, message: Stanza, user: Mentionable) => boolean;

export function mention_finder(require: Require): MentionFinder {
	const jid = require("util.jid");
	const { urldecode } = require("util.http");

	/** What a URI may name: percent-encoding (RFC 5122) is as often left out as not. */
	const named_by = (uri: string | undefined): readonly string[] => {
		if (uri === undefined || !uri.startsWith("xmpp:")) return [];
		const written = uri.replace("xmpp:", "");
		return [written, urldecode(written)];
	};

	return (message, { account, room, nick }) => {
		// Nobody in a room is called nothing, or what is too long for a JID.
		const occupant = typeof nick === "string" ? jid.prep(`${room}/${nick}`) : undefined;
		if (occupant !== undefined && is_named_in(message, [nick!])) return true;

		const is_user = (named: string): boolean => {
			const prepared = jid.prep(named);
			return prepared !== undefined && (prepared === account || prepared === occupant);
		};
		for (const { attr } of message.childtags("reference", "urn:xmpp:reference:0")) {
			if (attr.type === "mention" && named_by(attr.uri).some((named) => is_user(named))) return true;
		}
		return false;
	};
}
