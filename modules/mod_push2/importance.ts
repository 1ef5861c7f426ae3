import type { ModuleApi, Require, Stanza } from "../../bridge/api";
import { account_of } from "../push/account";
import { has_child, has_text, is_encryption } from "../push/content";
import { received } from "../push/received";
import type { Rules } from "../push/rules";
import type { Rooms } from "./rooms";

const xmlns_jingle_message = "urn:xmpp:jingle-message:0";

/** Whether a stanza begins a call of the account or takes it back (XEP-0353). */
function is_call(stanza: Stanza, account: string): boolean {
	const message = received(stanza, account);
	return message?.name === "message" && (message.get_child("propose", xmlns_jingle_message) !== undefined
		|| message.get_child("retract", xmlns_jingle_message) !== undefined);
}

/** Whether a message says something: text, or what may be text and is encrypted. Errors may repeat what they are about. */
export function has_body(message: Stanza): boolean {
	if (message.attr.type === "error") return false;
	return has_child(message, is_encryption) || has_text(message);
}

/** What `mod_push2` takes for urgent and for important. */
export function push2_rules(module: ModuleApi, require: Require, rooms: Rooms): Rules {
	const jid = require("util.jid");

	/** A groupchat sends everybody's messages to everybody, the sender too. */
	const is_own_reflected = ({ attr }: Stanza, username: string): boolean => {
		if (attr.type !== "groupchat" || attr.from === undefined) return false;
		const nick = jid.resource(attr.from);
		return nick !== undefined && rooms.nicks(username, jid.bare(attr.from)!).includes(nick);
	};

	return {
		urgency: (stanza, username) => (is_call(stanza, account_of(module, username)) ? "jingle call" : undefined),
		is_important: (stanza, username) => {
			if (stanza.name !== "message") return false;
			const account = account_of(module, username);
			if (is_call(stanza, account)) return true;
			const message = received(stanza, account);
			if (message === undefined || message.attr.type === "headline") return false;
			if (is_own_reflected(message, username)) return false;
			if (message.get_child("replace", "urn:xmpp:message-correct:0") !== undefined) return false;
			return has_body(message);
		},
	};
}
