import type { ProsodyModule, ProsodySet, Session, Stanza } from "../api";
import type { Parts } from "./parts";
import type { ServerSession } from "./session-fields";
import { isTrue } from "./lua-truth";
import { readNumber } from "./options";

/**
 * What an inactive client must get at once, and why.
 *
 * @param payloads further paths (as `find` takes them) that make a message important
 */
function importance(data: unknown, is_stanza: (data: unknown) => data is Stanza, payloads: ProsodySet<unknown>):
	[important: boolean, reason?: string] {
	if (data === " ") return [true, "whitespace keepalive"];
	if (typeof data === "string") return [true, "raw data"];
	if (!is_stanza(data)) return [true, typeof data];
	if (data.attr.xmlns !== undefined) return [true, "nonza"];
	const { type } = data.attr;
	if (data.name === "presence") {
		if (type === undefined || type === "unavailable" || type === "error") return [false, "presence update"];
		return [true, "subscription request"];
	}
	if (data.name === "iq") return [true];
	if (data.name !== "message") return [false];
	if (type === "headline") return [false, "headline"];
	if (type === "error") return [true, "delivery failure"];
	if (data.get_child("sent", "urn:xmpp:carbons:2")) return [true, "carbon"];
	const forwarded = data.find("{urn:xmpp:carbons:2}received/{urn:xmpp:forward:0}/{jabber:client}message");
	const message = is_stanza(forwarded) ? forwarded : data;
	if (message.get_child("body")) return [true, "body"];
	if (message.get_child("subject")) return [true, "subject"];
	if (message.get_child("encryption", "urn:xmpp:eme:0")) return [true, "encrypted"];
	if (message.get_child("x", "jabber:x:conference") || message.find("{http://jabber.org/protocol/muc#user}x/invite")) {
		return [true, "invite"];
	}
	if (message.get_child(undefined, "urn:xmpp:jingle-message:0") ||
		message.get_child(undefined, "urn:xmpp:jingle-message:1")) {
		return [true, "jingle call"];
	}
	for (const path of payloads.items()) if (message.find(String(path)) !== undefined) return [true];
	return [false];
}

/** Holds back what is not important while a client is inactive (`mod_csi_simple`). */
export function mod_csi_simple(parts: Parts): ProsodyModule {
	return (module, _prosody, require) => {
		module.depends("csi");
		const st = require("util.stanza");
		const jid = require("util.jid");
		const filters = require("util.filters");
		const timer = require("util.timer");
		const queue_size = readNumber(module, "csi_queue_size", 256);
		const resume_delay = readNumber(module, "csi_resume_inactive_delay", 5);
		const payloads = module.get_option_set("csi_important_payloads", [])!;

		module.hook("csi-is-stanza-important", (event) => {
			const [important, reason] = importance(event.stanza, st.is_stanza, payloads);
			if (reason !== undefined) event.reason = reason;
			return important;
		}, -1);

		function shouldFlush(stanza: unknown, session: Session, held: number): [flush: boolean, reason?: string] {
			if (held >= queue_size) return [true, "queue size limit reached"];
			const event = parts.host.table<{ stanza: Stanza; session: Session; reason?: string }>({
				stanza: stanza as Stanza, session,
			});
			const important = isTrue(module.fire_event("csi-is-stanza-important", event));
			return [important, event.reason];
		}

		function withTimestamp(data: unknown, session: Session): unknown {
			if (!st.is_stanza(data) || data.attr.xmlns !== undefined || data.name === "iq") return data;
			const stamped = st.clone(data);
			stamped.add_direct_child(st.stanza("delay", {
				xmlns: "urn:xmpp:delay",
				from: jid.join(session.username, session.host),
				stamp: require("util.datetime").datetime(),
			}));
			return stamped;
		}

		function flush(session: ServerSession, reason: string): void {
			session.log("debug", "Flushing buffer (%s; queue size is %d)", reason, session.csi_counter);
			session.state = "flushing";
			module.fire_event("csi-flushing", parts.host.table({ session }));
			session.conn?.resume_writes?.();
		}

		/** Lets go of all that is held if this is important, else says when this was held back. */
		function hold(data: unknown, session: ServerSession, held: number): unknown {
			const [important, reason] = shouldFlush(data, session, held);
			if (important) {
				flush(session, reason ?? "important");
				return data;
			}
			session.log("debug", "Holding buffer (%s; queue size is %d)", reason ?? "unimportant", held);
			return withTimestamp(data, session);
		}

		function outgoing(data: unknown, origin: Session): unknown {
			const session = origin as ServerSession;
			const held = session.csi_counter ?? 0;
			const leaving = session.state === "inactive" ? hold(data, session, held) : data;
			// What a flush sends beside it does not count.
			session.csi_counter = held + 1;
			return leaving;
		}

		function incoming(data: unknown, origin: Session): unknown {
			const session = origin as ServerSession;
			if ((session.csi_counter ?? 0) !== 0 && session.state === "inactive") flush(session, "client activity");
			return data;
		}

		function enable(session: ServerSession): void {
			if (!session.conn?.pause_writes) {
				session.log("warn", "Session connection does not support write pausing");
				return;
			}
			session.conn.pause_writes();
			session.csi_counter = 0;
			filters.add_filter(session, "stanzas/out", outgoing);
			filters.add_filter(session, "bytes/in", incoming);
		}

		function disable(session: ServerSession): void {
			filters.remove_filter(session, "stanzas/out", outgoing);
			filters.remove_filter(session, "bytes/in", incoming);
			delete session.csi_counter;
			session.conn?.resume_writes?.();
		}

		/** After a flush, answers and acknowledgements may pass for a moment before writes are held again. */
		function resume(session: ServerSession): void {
			if ((session.state === "flushing" || session.state === "inactive") && session.conn?.pause_writes) {
				session.state = "inactive";
				session.conn.pause_writes();
				session.log("debug", "Buffer flushed, resuming inactive mode (queue size was %d)", session.csi_counter);
				session.csi_counter = 0;
			}
			delete session.csi_resume;
		}

		module.hook("csi-client-inactive", (event) => enable(event.origin as ServerSession));
		module.hook("csi-client-active", (event) => disable(event.origin as ServerSession));
		module.hook("pre-resource-unbind", (event) => disable(event.session as ServerSession), 1);

		module.hook("c2s-ondrain", (event) => {
			const session = event.session as ServerSession;
			if (session.state !== "flushing" && session.state !== "inactive") return;
			if (!session.conn?.pause_writes || session.csi_resume !== undefined) return;
			session.csi_resume = timer.add_task(resume_delay, () => resume(session));
		});
	};
}
