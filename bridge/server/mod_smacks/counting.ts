import type { Session, Stanza } from "../../api";
import type { ServerSession } from "../session-fields";
import type { Smacks } from "./context";
import { queueOf } from "./context";

const DELAY_NAMESPACE = "urn:xmpp:delay";

/** Starts to queue what a session is sent and to count what it sends, on the stream that it has now. */
export type AddFilters = (session: ServerSession) => void;

/** The filters that queue and count stanzas; a hibernating session's stanzas go no further than the queue. */
export function createFilters({ module, parts, require }: Smacks): AddFilters {
	const st = require("util.stanza");
	const jid = require("util.jid");
	const datetime = require("util.datetime");
	const filters = require("util.filters");

	function outgoing(data: unknown, origin: Session): unknown {
		const session = origin as ServerSession;
		if (session.resending_unacked || !session.smacks || !st.is_stanza(data)) return data;
		const { xmlns } = data.attr;
		if ((xmlns !== undefined && xmlns !== "jabber:client") || data.name.includes(":")) return data;
		const kept = st.clone(data);
		if (kept.name !== "iq" && kept.get_child("delay", DELAY_NAMESPACE) === undefined) {
			kept.tag("delay", {
				xmlns: DELAY_NAMESPACE,
				from: jid.bare(session.full_jid ?? session.host),
				stamp: datetime.datetime(),
			});
		}
		const queue = queueOf(session);
		queue.push(kept);
		if (session.hibernating === undefined) return data;
		session.log("debug", "hibernating since %s, stanza queued", datetime.datetime(session.hibernating));
		module.fire_event("smacks-hibernation-stanza-queued", parts.host.table({
			origin: session, queue: queue.table(), stanza: kept,
		}));
		return undefined;
	}

	function incoming(stanza: Stanza, session: Session): Stanza {
		if (stanza.attr.xmlns === undefined) session.handled_stanza_count = session.handled_stanza_count! + 1;
		return stanza;
	}

	return (session) => {
		filters.add_filter(session, "stanzas/out", outgoing, -999);
		filters.add_filter(session, "stanzas/in", incoming, 999);
	};
}
