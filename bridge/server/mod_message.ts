import type { ProsodyModule, Session, Stanza, StanzaEvent } from "../api";
import type { Parts } from "./parts";
import { isTrue } from "./lua-truth";

/** Delivers messages to clients, else to whoever handles those of offline accounts (`mod_message`, RFC 6121, 8.5). */
export function mod_message(parts: Parts): ProsodyModule {
	return (module, prosody, require) => {
		const st = require("util.stanza");
		const jid = require("util.jid");

		function exists(bare: string): boolean {
			const [node, domain] = jid.split(bare);
			return domain === module.host && node !== undefined && parts.accounts.exists(node);
		}

		function toGroupchat(bare: string, origin: Session, stanza: Stanza): void {
			const event = parts.host.table<StanzaEvent>({ origin, stanza });
			if (exists(bare) && isTrue(module.fire_event("message/bare/groupchat", event))) return;
			origin.send(st.error_reply(stanza, "cancel", "service-unavailable"));
		}

		function toChat(bare: string, origin: Session, stanza: Stanza): void {
			let sent = false;
			for (const session of prosody.bare_sessions[bare]?.top_resources ?? []) sent = session.send(stanza) || sent;
			if (sent) return;
			const [username] = jid.split(bare);
			const event = parts.host.table<StanzaEvent & { username: string }>({ username: username!, origin, stanza });
			if (exists(bare) && isTrue(module.fire_event("message/offline/handle", event))) return;
			origin.send(st.error_reply(stanza, "cancel", "service-unavailable"));
		}

		function toHeadline(bare: string, stanza: Stanza): void {
			if (stanza.attr.to !== bare) return;
			for (const session of parts.sessions.of(bare)) {
				if (session.presence && session.priority! >= 0) session.send(stanza);
			}
		}

		function toBare(bare: string, origin: Session, stanza: Stanza): true {
			const { type } = stanza.attr;
			if (type === "groupchat") toGroupchat(bare, origin, stanza);
			else if (type === "headline") toHeadline(bare, stanza);
			else if (type !== "error") toChat(bare, origin, stanza);
			return true;
		}

		module.hook("message/full", ({ origin, stanza }) => {
			const to = stanza.attr.to!;
			return prosody.full_sessions[to]?.send(stanza) ? true : toBare(jid.bare(to)!, origin, stanza);
		}, -1);

		module.hook("message/bare", ({ origin, stanza }) =>
			toBare(stanza.attr.to ?? `${origin.username}@${origin.host}`, origin, stanza), -1);
	};
}
