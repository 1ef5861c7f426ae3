import type { ProsodyModule, Session, Stanza } from "../api";
import type { Parts } from "./parts";

/** The elements that get a reply if they cannot be delivered. */
const BOUNCY = new Set(["message", "presence", "iq"]);

/** The way to other servers, none of which can be found: stanzas come back a moment later, as `mod_s2s` does it. */
export function mod_s2s(parts: Parts): ProsodyModule {
	return (module, prosody, require) => {
		const st = require("util.stanza");

		module.hook("route/remote", ({ stanza, from_host, to_host }) => {
			const { to, from, type } = stanza.attr;
			module.log("debug", "opening a new outgoing connection for this stanza");
			if (to !== undefined && from === module.host) parts.onSent(to, from, String(stanza), false);
			if (type !== "error" && type !== "result" && BOUNCY.has(stanza.name)) {
				const reply = bounce(stanza, from_host);
				require("util.timer").add_task(0, () => {
					module.log("info", "Sending error replies because of failed outgoing connection to %s", to_host);
					parts.loop.run(() => prosody.core_process_stanza(nobody(), reply));
				});
			}
			return true;
		}, -10);

		function bounce(stanza: Stanza, by: string): Stanza {
			const reply = st.reply(stanza);
			reply.attr.type = "error";
			const xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas";
			return reply.tag("error", { type: "cancel", ...(parts.series === "0.12" && { by }) })
				.tag("remote-server-not-found", { xmlns }).up()
				.text_tag("text", "Server-to-server connection failed: unable to resolve service", { xmlns });
		}

		/** The origin of error replies: it cannot be answered. */
		function nobody(): Session {
			const complain = () => {
				module.log("error", "Replying to an s2s error reply");
				return false;
			};
			return parts.host.table({
				type: "s2sin", dummy: true, log: () => undefined, send: complain, close: () => void complain(),
			});
		}
	};
}
