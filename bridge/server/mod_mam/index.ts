import type { ProsodyModule, Session, Stanza, StanzaEvent } from "../../api";
import type { Parts } from "../parts";
import { installPreferences } from "./preferences";
import { installQueries } from "./queries";
import { isTrue } from "../lua-truth";
import { readNumber } from "../options";

const MAM_NAMESPACE = "urn:xmpp:mam:2";
const STANZA_ID_NAMESPACE = "urn:xmpp:sid:0";
const HINTS_NAMESPACE = "urn:xmpp:hints";

/** Archives messages and answers queries (`mod_mam`, XEP-0313). */
export function mod_mam(parts: Parts): ProsodyModule {
	return (module, _prosody, require) => {
		const st = require("util.stanza");
		const jid = require("util.jid");
		const host = module.host;
		const item_limit = readNumber(module, "storage_archive_item_limit", 10000);
		const strip_tags = module.get_option_set("dont_archive_namespaces", ["http://jabber.org/protocol/chatstates"])!;
		const wanted = installPreferences(parts, module, require);
		installQueries(parts, module, require);

		function shouldStore(stanza: Stanza): [store: boolean, reason: string] {
			const type = stanza.attr.type ?? "normal";
			if (type === "headline" || type === "groupchat") return [false, type];
			if (type === "error") return [jid.resource(stanza.attr.to) !== undefined, "bounce"];
			if (stanza.get_child("no-store", HINTS_NAMESPACE) || stanza.get_child("no-permanent-store", HINTS_NAMESPACE)) {
				return [false, "hint"];
			}
			if (stanza.get_child("store", HINTS_NAMESPACE)) return [true, "hint"];
			if (stanza.get_child("body")) return [true, "body"];
			if (stanza.get_child("subject")) return [true, "subject"];
			if (stanza.get_child("encryption", "urn:xmpp:eme:0")) return [true, "encrypted"];
			if (stanza.get_child(undefined, "urn:xmpp:receipts")) return [true, "receipt"];
			if (stanza.get_child(undefined, "urn:xmpp:chat-markers:0")) return [true, "marker"];
			if (stanza.get_child("x", "jabber:x:conference") ||
				stanza.find("{http://jabber.org/protocol/muc#user}x/invite") !== undefined) {
				return [true, "invite"];
			}
			if (stanza.get_child(undefined, "urn:xmpp:jingle-message:0") ||
				stanza.get_child(undefined, "urn:xmpp:jingle-message:1")) {
				return [true, "jingle call"];
			}
			return [false, "default"];
		}

		module.hook("archive-should-store", (event) => {
			const [store, reason] = shouldStore(event.stanza);
			event.reason = reason;
			return store;
		}, -1);

		/** Takes away ids that only this server may give (XEP-0359, 3). */
		function stripStanzaId(stanza: Stanza, username: string | undefined): Stanza {
			if (!stanza.get_child("stanza-id", STANZA_ID_NAMESPACE)) return stanza;
			return st.clone(stanza).maptags((tag) => {
				if (tag.name !== "stanza-id" || tag.attr.xmlns !== STANZA_ID_NAMESPACE) return tag;
				const [by_user, by_host, resource] = jid.prepped_split(tag.attr.by);
				return resource === undefined && by_host === host && by_user === username ? undefined : tag;
			});
		}

		/** What is archived; nil if nothing is left without what is not. */
		function strippedForStorage(stanza: Stanza): Stanza | undefined {
			if (strip_tags.empty()) return stanza;
			const stripped = st.clone(stanza).maptags((tag) => strip_tags.contains(tag.attr.xmlns ?? "") ? undefined : tag);
			return stripped.tags.length > 0 ? stripped : undefined;
		}

		function store(username: string, stanza: Stanza, contact: string): string {
			const { archive } = parts.accounts.register(username);
			if (archive.length >= item_limit) archive.splice(0, archive.length - Math.floor(item_limit * 0.99));
			// In 13.0 a UUID of version 7; nobody here looks at the version.
			const id = parts.series === "0.12" ? require("util.id").medium() : require("util.uuid").generate();
			archive.push({ id, when: Math.floor(parts.machine.clock.now()), with: contact, xml: String(stanza) });
			return id;
		}

		function archive(event: StanzaEvent, sent: boolean): undefined {
			const { origin } = event;
			const { from, to = from } = event.stanza.attr;
			const username = sent ? origin.username : jid.node(to);
			const contact = jid.bare(sent ? to : from);
			const { stanza } = event;
			// Only a message that is not archived leaves without forged ids; 0.12.3 archives and clones what came.
			event.stanza = stripStanzaId(stanza, username);
			const check = parts.host.table<{ stanza: Stanza; session: Session; reason?: string }>({ stanza, session: origin });
			if (!isTrue(module.fire_event("archive-should-store", check))) {
				module.log("debug", "Not archiving stanza: %s (%s)", stanza.top_tag(), check.reason);
				return;
			}
			const clone_for_storage = strippedForStorage(stanza);
			if (!clone_for_storage || username === undefined || contact === undefined || !wanted(username, contact)) {
				module.log("debug", "Not archiving stanza: %s (%s)", stanza.top_tag(), clone_for_storage ? "prefs" : "empty");
				return;
			}
			module.log("debug", "Archiving stanza: %s (%s)", stanza.top_tag(), check.reason);
			const id = store(username, clone_for_storage, contact);
			const clone_for_other_handlers = st.clone(stanza);
			clone_for_other_handlers.tag("stanza-id", { xmlns: STANZA_ID_NAMESPACE, by: `${username}@${host}`, id }).up();
			event.stanza = clone_for_other_handlers;
			module.fire_event("archive-message-added", parts.host.table<StanzaEvent & { for_user: string; id: string }>({
				origin, stanza: clone_for_storage, for_user: username, id,
			}));
		}

		// An own id must not leave the server.
		function stripBeforeLeaving(event: StanzaEvent): undefined {
			event.stanza = stripStanzaId(event.stanza, event.origin.username);
		}

		for (const kind of ["bare", "full"] as const) {
			module.hook(`pre-message/${kind}`, (event) => archive(event, true), 0);
			module.hook(`message/${kind}`, (event) => archive(event, false), 0);
			module.hook(`pre-message/${kind}`, stripBeforeLeaving, -1);
		}

		// What is archived is not lost, even if nothing keeps offline messages.
		module.hook("message/offline/handle", ({ stanza, username }) =>
			stanza.get_child_with_attr("stanza-id", STANZA_ID_NAMESPACE, "by", `${username}@${host}`) ? true : undefined, -2);

		// A client that reads the archive needs no offline messages.
		module.hook("message/offline/broadcast", ({ origin }) => origin.mam_requested ? true : undefined);

		module.hook("account-disco-info", ({ reply }) => {
			for (const feature of [MAM_NAMESPACE, `${MAM_NAMESPACE}#extended`, STANZA_ID_NAMESPACE]) {
				reply.tag("feature", { var: feature }).up();
			}
		});
	};
}
