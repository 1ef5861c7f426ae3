import type { ProsodyModule } from "../api";
import type { Parts } from "./parts";

/** Keeps messages for accounts that are offline (`mod_offline`, XEP-0160). */
export function mod_offline(parts: Parts): ProsodyModule {
	return (module, _prosody, require) => {
		const jid = require("util.jid");
		const { accounts, machine } = parts;

		module.add_feature("msgoffline");

		module.hook("message/offline/handle", ({ origin, stanza }) => {
			const { to } = stanza.attr;
			const username = to === undefined ? origin.username : jid.node(to);
			if (username === undefined) return undefined;
			accounts.register(username).offline.push({
				id: require("util.id").medium(),
				when: Math.floor(machine.clock.now()),
				with: "",
				xml: String(stanza),
			});
			module.log("debug", "Saved to offline storage: %s", stanza.top_tag());
			return true;
		}, -1);

		module.hook("message/offline/broadcast", ({ origin }) => {
			const { offline } = accounts.register(origin.username!);
			for (const message of offline.splice(0)) {
				const [stanza, problem] = require("util.xml").parse(message.xml);
				if (!stanza) throw new Error(`Offline message ${message.id} of ${origin.username} is unreadable: ${problem}`);
				stanza.tag("delay", {
					xmlns: "urn:xmpp:delay", from: origin.host, stamp: require("util.datetime").datetime(message.when),
				}).up();
				origin.send(stanza);
			}
			return true;
		}, -1);
	};
}
