import type { ProsodyModule, Session, Stanza } from "../api";
import type { Parts } from "./parts";

const INFO_NAMESPACE = "http://jabber.org/protocol/disco#info";
const ITEMS_NAMESPACE = "http://jabber.org/protocol/disco#items";

/** Says what the server and its accounts can do (`mod_disco`, XEP-0030). */
export function mod_disco(parts: Parts): ProsodyModule {
	return (module, prosody, require) => {
		const st = require("util.stanza");
		const jid = require("util.jid");

		module.add_item("identity", { category: "server", type: "im", name: module.get_option_string("name", "Prosody") });
		module.add_feature(INFO_NAMESPACE);
		module.add_feature(ITEMS_NAMESPACE);

		function hostInfo(): Stanza {
			const query = st.stanza("query", { xmlns: INFO_NAMESPACE });
			const done = new Set<string>();
			for (const { category, type, name } of module.get_host_items("identity") as Identity[]) {
				if (done.has(`${category}/${type}`)) continue;
				done.add(`${category}/${type}`);
				query.tag("identity", { category, type, name }).up();
			}
			for (const feature of new Set(module.get_host_items("feature") as string[])) {
				query.tag("feature", { var: feature }).up();
			}
			for (const extension of module.get_host_items("extension") as Stanza[]) query.add_child(extension);
			return query;
		}

		/** Asks other modules about a node. */
		function answerNode(
			event: string, xmlns: string, origin: Session, stanza: Stanza, node: string, from?: string,
			features: readonly string[] = [],
		): unknown {
			const reply = st.reply(stanza).tag("query", { xmlns, node });
			for (const feature of features) reply.tag("feature", { var: feature }).up();
			reply.attr.from ??= from;
			const payload = parts.host.table({ origin, stanza, reply, node, exists: false });
			const result = module.fire_event(event, payload);
			if (result !== undefined) return result;
			origin.send(payload.exists ? reply : st.error_reply(stanza, "cancel", "item-not-found", "Node does not exist"));
			return true;
		}

		function nodeOf(stanza: Stanza): string | undefined {
			const { node } = stanza.tags[0]!.attr;
			return node === "" ? undefined : node;
		}

		/** Whether an account may be looked at: by itself and by its contacts. */
		function visible(origin: Session, stanza: Stanza): boolean {
			const { to, from } = stanza.attr;
			if (to === undefined) return true;
			const username = jid.node(to) ?? origin.username!;
			return parts.rosters.is_contact_subscribed(username, module.host, jid.bare(from)!);
		}

		module.hook(`iq-get/host/${INFO_NAMESPACE}:query`, ({ origin, stanza }) => {
			const node = nodeOf(stanza);
			if (node !== undefined) return answerNode("host-disco-info-node", INFO_NAMESPACE, origin, stanza, node);
			origin.send(st.reply(stanza).add_child(hostInfo()));
			return true;
		});

		module.hook(`iq-get/host/${ITEMS_NAMESPACE}:query`, ({ origin, stanza }) => {
			const node = nodeOf(stanza);
			if (node !== undefined) return answerNode("host-disco-items-node", ITEMS_NAMESPACE, origin, stanza, node);
			const reply = st.reply(stanza).query(ITEMS_NAMESPACE);
			const result = module.fire_event("host-disco-items", parts.host.table({ origin, stanza, reply }));
			if (result !== undefined) return result;
			for (const name of Object.keys(prosody.hosts)) {
				if (name.endsWith(`.${module.host}`)) reply.tag("item", { jid: name }).up();
			}
			origin.send(reply);
			return true;
		});

		/** What 13.0 says of accounts, too. */
		const account_features = parts.series === "0.12" ? [] : [INFO_NAMESPACE, ITEMS_NAMESPACE];

		function ownJid(origin: Session): string {
			return `${origin.username}@${origin.host}`;
		}

		module.hook(`iq-get/bare/${INFO_NAMESPACE}:query`, ({ origin, stanza }) => {
			if (!visible(origin, stanza)) return undefined;
			const node = nodeOf(stanza);
			if (node !== undefined) {
				const from = ownJid(origin);
				return answerNode("account-disco-info-node", INFO_NAMESPACE, origin, stanza, node, from, account_features);
			}
			const reply = st.reply(stanza).tag("query", { xmlns: INFO_NAMESPACE });
			reply.attr.from ??= ownJid(origin);
			reply.tag("identity", { category: "account", type: "registered" }).up();
			for (const feature of account_features) reply.tag("feature", { var: feature }).up();
			module.fire_event("account-disco-info", parts.host.table({ origin, reply }));
			origin.send(reply);
			return true;
		});

		module.hook(`iq-get/bare/${ITEMS_NAMESPACE}:query`, ({ origin, stanza }) => {
			if (!visible(origin, stanza)) return undefined;
			const node = nodeOf(stanza);
			if (node !== undefined) {
				return answerNode("account-disco-items-node", ITEMS_NAMESPACE, origin, stanza, node, ownJid(origin));
			}
			const reply = st.reply(stanza).tag("query", { xmlns: ITEMS_NAMESPACE });
			reply.attr.from ??= ownJid(origin);
			module.fire_event("account-disco-items", parts.host.table({ origin, stanza, reply }));
			origin.send(reply);
			return true;
		});
	};
}

interface Identity {
	category: string;
	type: string;
	name?: string;
}
