import type { Session, StanzaEvent } from "../../api";
import type { Smacks } from "./context";
import { isTrue } from "../lua-truth";
import { queueOf } from "./context";

const MAM_NAMESPACE = "urn:xmpp:mam:2";
const STANZA_ID_NAMESPACE = "urn:xmpp:sid:0";

/** Gives up what a session's client never acknowledged: each stanza is kept, dropped, or comes back to its sender. */
export type HandleUnacked = (session: Session) => void;

/** Decides what becomes of stanzas of a session that ends. */
export function installFailures({ module, parts, require }: Smacks): HandleUnacked {
	const st = require("util.stanza");
	const jid = require("util.jid");
	const { prosody } = parts.host;

	// The sender need not know of a message that its addressee will still get.
	module.hook("delivery/failure", ({ session, stanza }) => {
		const type = stanza.attr.type ?? "normal";
		if (session.username === undefined || stanza.name !== "message" || stanza.attr.xmlns !== undefined) {
			return undefined;
		}
		if (type !== "chat" && type !== "normal") return undefined;
		if (stanza.get_child("result", MAM_NAMESPACE)) return true;
		const own_jid = jid.bare(session.full_jid)!;
		const archived = stanza.get_child_with_attr("stanza-id", STANZA_ID_NAMESPACE, "by", own_jid)?.attr.id !== undefined;
		if (session.mam_requested && archived) return true;
		const resources = Object.keys(prosody.hosts[module.host]!.sessions[session.username]?.sessions ?? {});
		if (resources.length !== 1 || resources[0] !== session.resource) return undefined;
		return module.fire_event("message/offline/handle", parts.host.table<StanzaEvent & { username: string }>({
			origin: session, username: session.username, stanza,
		}));
	});

	return (session) => {
		const queue = queueOf(session);
		if (queue.count_unacked() === 0) return;
		session.log("debug", "Destroying session with %d unacked stanzas", queue.count_unacked());
		session.smacks = false;
		delete session.outgoing_stanza_queue;
		for (const stanza of queue.consume()) {
			if (isTrue(module.fire_event("delivery/failure", parts.host.table({ session, stanza })))) continue;
			if (stanza.attr.type !== "error" && stanza.attr.from !== session.full_jid) {
				const by = parts.series === "0.12" ? undefined : `${session.username}@${session.host}`;
				module.send(st.error_reply(stanza, "cancel", "recipient-unavailable", undefined, by));
			}
		}
	};
}
