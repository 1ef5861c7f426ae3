import type { ProsodyModule, StanzaEvent } from "../api";

/** Answers pings (`mod_ping`, XEP-0199). */
export function mod_ping(): ProsodyModule {
	return (module, _prosody, require) => {
		const st = require("util.stanza");
		const answer = ({ origin, stanza }: StanzaEvent): true => {
			origin.send(st.reply(stanza));
			return true;
		};
		module.add_feature("urn:xmpp:ping");
		module.hook("iq-get/bare/urn:xmpp:ping:ping", answer);
		module.hook("iq-get/host/urn:xmpp:ping:ping", answer);
	};
}
