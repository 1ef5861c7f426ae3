import type { ProsodyModule, Stanza } from "../api";
import type { Parts } from "./parts";
import type { ServerSession } from "./session-fields";

const ROSTER_NAMESPACE = "jabber:iq:roster";

/** Rosters for clients (`mod_roster`, RFC 6121, 2). */
export function mod_roster(parts: Parts): ProsodyModule {
	return (module, _prosody, require) => {
		const st = require("util.stanza");
		const jid = require("util.jid");
		const { rosters } = parts;

		module.add_feature(ROSTER_NAMESPACE);

		module.hook(`iq/self/${ROSTER_NAMESPACE}:query`, ({ origin, stanza }) => {
			const session = origin as ServerSession;
			if (stanza.attr.type === "get") get(session, stanza);
			else set(session, stanza);
			return true;
		});

		function get(session: ServerSession, stanza: Stanza): void {
			const reply = st.reply(stanza);
			const version = String(parts.accounts.register(session.username!).roster_version || 1);
			if (stanza.tags[0]!.attr.ver !== version) rosters.add_query(reply, session);
			session.send(reply);
			session.interested = true;
		}

		function set(session: ServerSession, stanza: Stanza): void {
			const query = stanza.tags[0]!;
			const item = query.tags[0];
			const refuse = (type: string, condition: string) => session.send(st.error_reply(stanza, type, condition));
			if (query.tags.length !== 1 || item?.name !== "item" || item.attr.xmlns !== ROSTER_NAMESPACE) {
				refuse("modify", "bad-request");
				return;
			}
			const contact = jid.prep(item.attr.jid);
			if (contact === undefined || jid.resource(contact) !== undefined) {
				refuse("modify", "bad-request");
			} else if (contact === `${session.username}@${session.host}`) {
				refuse("cancel", "not-allowed");
			} else if (item.attr.subscription === "remove") {
				remove(session, stanza, contact);
			} else {
				add(session, stanza, contact, item);
			}
		}

		function remove(session: ServerSession, stanza: Stanza, contact: string): void {
			const { username, roster } = session;
			const item = roster![contact];
			if (!item) {
				session.send(st.error_reply(stanza, "modify", "item-not-found"));
				return;
			}
			module.fire_event("roster-item-removed", parts.host.table({
				username, jid: contact, item, origin: session, roster,
			}));
			answer(session, stanza, contact, rosters.remove(username!, module.host, contact));
		}

		function add(session: ServerSession, stanza: Stanza, contact: string, item: Stanza): void {
			const groups: string[] = [];
			for (const group of item.childtags("group")) {
				const name = group.get_text();
				if (name) groups.push(name);
			}
			const before = session.roster![contact];
			const { name } = item.attr;
			const after = rosters.new_item({ subscription: before?.subscription ?? "none" }, groups);
			if (name !== undefined && name !== "") after.name = name;
			if (before?.ask !== undefined) after.ask = before.ask;
			answer(session, stanza, contact, rosters.add(session.username!, module.host, contact, after));
		}

		function answer(session: ServerSession, stanza: Stanza, contact: string, saved: boolean): void {
			if (!saved) {
				session.send(st.error_reply(stanza, "wait", "internal-server-error", "Unable to save roster"));
				return;
			}
			session.send(st.reply(stanza));
			rosters.push(session.username!, module.host, contact);
		}
	};
}
