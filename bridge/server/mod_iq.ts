import type { ProsodyModule, StanzaEvent } from "../api";

/** Hands IQs to the handlers of what is in them (`mod_iq`). */
export function mod_iq(): ProsodyModule {
	return (module, prosody, require) => {
		const st = require("util.stanza");

		module.hook("iq/full", ({ origin, stanza }) => {
			const session = prosody.full_sessions[stanza.attr.to!];
			if (session?.send(stanza)) return true;
			const { type } = stanza.attr;
			if (type === "get" || type === "set") origin.send(st.error_reply(stanza, "cancel", "service-unavailable"));
			return true;
		});

		/** Requests go by what is in them, answers by their id. */
		function refire(kind: "bare" | "self" | "host"): (event: StanzaEvent) => unknown {
			return (event) => {
				const { type, id } = event.stanza.attr;
				const child = event.stanza.tags[0];
				if ((type === "get" || type === "set") && child) {
					const payload = `${child.attr.xmlns ?? "jabber:client"}:${child.name}`;
					const result = module.fire_event(`iq/${kind}/${payload}`, event);
					return result !== undefined ? result : module.fire_event(`iq-${type}/${kind}/${payload}`, event);
				}
				return module.fire_event(`iq-${type as "result" | "error"}/${kind}/${id}`, event);
			};
		}

		module.hook("iq/bare", refire("bare"));
		module.hook("iq/self", refire("self"));
		module.hook("iq/host", refire("host"));
	};
}
