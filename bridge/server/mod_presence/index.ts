import type { ProsodyModule, Session, Stanza, UserSessions } from "../../api";
import type { Parts } from "../parts";
import type { ServerSession } from "../session-fields";
import { createSendTo } from "./sending";
import { installSubscriptions } from "./subscriptions";

/** Presence and subscriptions (`mod_presence`, RFC 6121, 3 and 4). */
export function mod_presence(parts: Parts): ProsodyModule {
	return (module, prosody, require) => {
		const st = require("util.stanza");
		const jid = require("util.jid");
		const { rosters, sessions } = parts;
		const ignore_priority = module.get_option_boolean("ignore_presence_priority", false);
		const sendTo = createSendTo(prosody);
		const inbound = installSubscriptions(parts, module, require);
		const bareJid = (session: Session) => `${session.username}@${session.host}`;

		/** Makes the priority 0 for everybody. */
		function resetPriority(stanza: Stanza): void {
			const priority = stanza.get_child("priority");
			if (!priority || priority.get_text() === "0") return;
			stanza.maptags((tag) => (tag === priority ? st.stanza("priority", priority.attr).text("0") : tag));
		}

		function priorityOf(stanza: Stanza): number {
			const text = stanza.get_child_text("priority");
			if (text === undefined || !/^[+-]?[0-9]+$/.test(text)) return 0;
			return Math.max(-128, Math.min(127, Number(text)));
		}

		/** Recalculates which sessions get messages to the bare JID: the available ones of the highest priority. */
		function recalculate(user: UserSessions | undefined, bare_jid: string): void {
			if (!user) return;
			let priority = 0;
			let top: Session[] = [];
			for (const session of sessions.of(bare_jid)) {
				if (!session.presence || session.priority === undefined || session.priority < priority) continue;
				if (session.priority > priority) top = [];
				priority = session.priority;
				top.push(session);
			}
			if (top.length > 0) user.top_resources = parts.host.table(top);
			else delete user.top_resources;
		}

		function broadcast(origin: ServerSession, stanza: Stanza): void {
			for (const other of sessions.of(bareJid(origin))) {
				if (other !== origin && other.presence) sendTo(origin, stanza, other.full_jid);
			}
			for (const [contact, { subscription }] of rosters.items(origin.roster!)) {
				if (subscription === "both" || subscription === "from") sendTo(origin, stanza, contact);
			}
			delete stanza.attr.to;
		}

		/** What a session that has become available gets to know. */
		function welcome(origin: ServerSession, stanza: Stanza, priority: number): void {
			module.fire_event("presence/initial", parts.host.table({ origin, stanza }));
			origin.presence = stanza;
			const probe = st.presence({ from: origin.full_jid, type: "probe" });
			for (const [contact, { subscription }] of rosters.items(origin.roster!)) {
				if (subscription === "both" || subscription === "to") sendTo(origin, probe, contact);
			}
			for (const other of sessions.of(bareJid(origin))) {
				if (other === origin || !other.presence) continue;
				sendTo(other, other.presence, origin.full_jid);
				delete other.presence.attr.to;
			}
			for (const [contact, xml] of rosters.pending(origin.username!)) {
				const [request, problem] = require("util.xml").parse(xml);
				if (!request) throw new Error(`The subscription request of ${contact} is unreadable: ${problem}`);
				request.attr.type = "subscribe";
				request.attr.from = contact;
				origin.send(request);
			}
			const request = st.presence({ type: "subscribe", from: bareJid(origin) });
			for (const [contact, { ask }] of rosters.items(origin.roster!)) {
				if (ask !== undefined) sendTo(origin, request, contact);
			}
			if (priority >= 0) module.fire_event("message/offline/broadcast", parts.host.table({ origin }));
		}

		function leave(origin: ServerSession, stanza: Stanza): void {
			delete origin.presence;
			if (origin.priority !== undefined) {
				delete origin.priority;
				recalculate(prosody.bare_sessions[bareJid(origin)], bareJid(origin));
			}
			for (const entity of Object.keys(origin.directed ?? {})) sendTo(origin, stanza, entity);
			delete origin.directed;
		}

		function handleNormalPresence(origin: ServerSession, stanza: Stanza): void {
			if (ignore_priority) resetPriority(stanza);
			const priority = priorityOf(stanza);
			if (prosody.full_sessions[origin.full_jid!]) origin.send(stanza);
			broadcast(origin, stanza);
			if (stanza.attr.type === undefined && !origin.presence) welcome(origin, stanza, priority);
			if (stanza.attr.type === "unavailable") {
				leave(origin, stanza);
			} else {
				origin.presence = stanza;
				stanza.tag("delay", {
					xmlns: "urn:xmpp:delay", from: origin.host, stamp: require("util.datetime").datetime(),
				}).up();
				if (origin.priority !== priority) {
					origin.priority = priority;
					recalculate(prosody.bare_sessions[bareJid(origin)], bareJid(origin));
				}
			}
			delete stanza.attr.to;
		}

		const isSubscription = (type: string | undefined) =>
			type !== undefined && type !== "unavailable" && type !== "error";

		module.hook("presence/bare", ({ origin, stanza }) => {
			const { to, type } = stanza.attr;
			if (to !== undefined) {
				if (isSubscription(type)) return inbound(origin, stanza);
				for (const session of sessions.of(to)) if (session.presence) session.send(stanza);
			} else if (type === undefined || type === "unavailable") {
				handleNormalPresence(origin as ServerSession, stanza);
			} else {
				origin.send(st.error_reply(stanza, "modify", "bad-request", "Invalid presence type"));
			}
			return true;
		});

		module.hook("presence/full", ({ origin, stanza }) => {
			if (isSubscription(stanza.attr.type)) return inbound(origin, stanza);
			prosody.full_sessions[stanza.attr.to!]?.send(stanza);
			return true;
		});

		module.hook("presence/host", ({ stanza }) => {
			const { type, id } = stanza.attr;
			const to = jid.bare(stanza.attr.from);
			const host = prosody.hosts[module.host]!;
			const answer = (attrs: { type?: string }) =>
				prosody.core_post_stanza(host, st.presence({ from: module.host, to, id, ...attrs }));
			if (type === "subscribe") answer({ type: "subscribed" });
			if (type === "subscribe" || type === "probe") answer({});
			return true;
		});

		module.hook("resource-unbind", (event) => {
			const session = event.session as ServerSession;
			if (!session.presence && !session.directed) return;
			const unavailable = st.presence({ type: "unavailable" });
			if (event.error) unavailable.text_tag("status", `Disconnected: ${String(event.error)}`);
			if (session.presence) {
				prosody.core_process_stanza(session, unavailable);
				return;
			}
			unavailable.attr.from = session.full_jid;
			for (const entity of Object.keys(session.directed ?? {})) sendTo(session, unavailable, entity);
			delete session.directed;
		});
	};
}
