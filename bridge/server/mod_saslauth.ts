import type { ProsodyModule, StanzaEvent } from "../api";
import type { Parts } from "./parts";
import type { ServerSession } from "./session-fields";

const BIND_NAMESPACE = "urn:ietf:params:xml:ns:xmpp-bind";
const SESSION_NAMESPACE = "urn:ietf:params:xml:ns:xmpp-session";

/** Binds resources on request (the part of `mod_saslauth` after the login; RFC 6120, 7). */
export function mod_saslauth(parts: Parts): ProsodyModule {
	return (module, _prosody, require) => {
		const st = require("util.stanza");

		module.hook(`stanza/iq/${BIND_NAMESPACE}:bind`, ({ origin, stanza }) => {
			const wish = stanza.attr.type === "set" ? stanza.tags[0]!.get_child_text("resource") : undefined;
			const failure = parts.sessions.bind_resource(origin as ServerSession, wish);
			origin.send(failure
				? st.error_reply(stanza, failure.type, failure.condition, failure.text)
				: st.reply(stanza).tag("bind", { xmlns: BIND_NAMESPACE }).text_tag("jid", origin.full_jid));
			return true;
		});

		const confirm = ({ origin, stanza }: StanzaEvent): true => {
			origin.send(st.reply(stanza));
			return true;
		};
		module.hook(`iq/self/${SESSION_NAMESPACE}:session`, confirm);
		module.hook(`iq/host/${SESSION_NAMESPACE}:session`, confirm);
	};
}
