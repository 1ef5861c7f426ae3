import type { PushSummary, Require, Stanza } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";
import { text_beginning } from "../push/text/cut";
import { number_reader } from "../push/text/number";
import { unwrapped } from "../push/unwrapped";

const xmlns_jmi = "urn:xmpp:jingle-message:0";
const xmlns_jingle_apps_rtp = "urn:xmpp:jingle:apps:rtp:1";

/** Bytes of a message that are told. */
const longest_message = 255;
const encrypted_message = "You have received an encrypted message";

/** What an encrypted push tells. */
export interface Payload {
	unread: number;
	/** Who it is from: the bare JID, of a call the full one. */
	sender?: string;
	type?: "chat" | "groupchat" | "call" | "subscribe";
	/** Of who said it in a room. */
	nickname?: string;
	/** The id of a call. */
	sid?: string;
	/** What a call is to carry, such as `audio`: each once. */
	media?: readonly string[];
	message?: string;
}

/**
 * @param stanza what the push is about
 * @param account the bare JID of the user
 */
export type PayloadMaker = (this: void, stanza: Stanza, account: string, summary: PushSummary) => Payload;

/** Whether a stanza is marked as encrypted (XEP-0380), or by OMEMO without that. */
function is_encrypted(stanza: Stanza): boolean {
	return stanza.get_child("encryption", "urn:xmpp:eme:0") !== undefined
		|| stanza.get_child("encrypted", "eu.siacs.conversations.axolotl") !== undefined;
}

function media_of(propose: Stanza): string[] {
	const found: string[] = [];
	const is_known = new Map<string, boolean>();
	for (const description of propose.childtags("description", xmlns_jingle_apps_rtp)) {
		const { media } = description.attr;
		if (media === undefined || is_known.get(media) === true) continue;
		is_known.set(media, true);
		found.push(media);
	}
	return found;
}

/** Makes of stanzas what an encrypted push tells of them; of carbon copies, what it tells of the message in them. */
export function payload_maker(require: Require): PayloadMaker {
	const jid = require("util.jid");
	const length = byte_length(require);
	const beginning = text_beginning(require);
	const read_number = number_reader(require);

	const message_of = (stanza: Stanza): string | undefined => {
		if (is_encrypted(stanza)) return encrypted_message;
		const body = stanza.get_child_text("body");
		return body !== undefined && length(body) > longest_message ? beginning(body, longest_message, length) : body;
	};

	return (pushed, account, summary) => {
		const stanza = unwrapped(pushed, account);
		const { from, type } = stanza.attr;
		const payload: Payload = {
			unread: read_number(summary["message-count"]) ?? 1,
			sender: jid.bare(from),
			message: message_of(stanza),
		};
		if (stanza.name === "presence") {
			if (type === "subscribe") payload.type = "subscribe";
		} else if (stanza.name === "message" && type === "groupchat") {
			payload.type = "groupchat";
			payload.nickname = jid.resource(from);
		} else if (stanza.name === "message" && type !== "error") {
			const propose = stanza.get_child("propose", xmlns_jmi);
			payload.type = propose !== undefined ? "call" : "chat";
			if (propose !== undefined) {
				payload.sender = from;
				payload.sid = propose.attr.id;
				payload.media = media_of(propose);
			}
		}
		return payload;
	};
}
