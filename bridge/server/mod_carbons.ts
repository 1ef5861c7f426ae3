import type { ProsodyModule, Session, Stanza, StanzaEvent } from "../api";
import type { Parts } from "./parts";
import { isTrue } from "./lua-truth";

const CARBONS_NAMESPACE = "urn:xmpp:carbons:2";
const FORWARD_NAMESPACE = "urn:xmpp:forward:0";

/** Copies messages to the account's other clients (`mod_carbons`, XEP-0280). */
export function mod_carbons(parts: Parts): ProsodyModule {
	return (module, prosody, require) => {
		const st = require("util.stanza");
		const jid = require("util.jid");

		module.add_feature("urn:xmpp:carbons:rules:0");

		for (const state of ["enable", "disable"] as const) {
			module.hook(`iq-set/self/${CARBONS_NAMESPACE}:${state}`, ({ origin, stanza }) => {
				if (state === "enable") origin.want_carbons = CARBONS_NAMESPACE;
				else delete origin.want_carbons;
				origin.send(st.reply(stanza));
				return true;
			});
		}

		/** Whether a message is copied, and why. Prosody's handler knows neither direction nor account. */
		function shouldCopy(stanza: Stanza): [copy: boolean, reason: string] {
			const type = stanza.attr.type ?? "normal";
			if (stanza.get_child("private", CARBONS_NAMESPACE)) return [false, "private"];
			if (stanza.get_child("no-copy", "urn:xmpp:hints")) return [false, "hint"];
			if (stanza.attr.to !== undefined && stanza.get_child("x", "http://jabber.org/protocol/muc#user")) {
				return [false, "muc-pm"];
			}
			if (type === "chat" || (type === "normal" && stanza.get_child("body"))) return [true, "type"];
			if (type === "error" && jid.resource(stanza.attr.from) === undefined) return [true, "bounce"];
			if (stanza.get_child(undefined, "urn:xmpp:jingle-message:0") ||
				stanza.get_child(undefined, "urn:xmpp:jingle-message:1")) {
				return [true, "jingle call"];
			}
			return [false, "default"];
		}

		module.hook("carbons-should-copy", (event) => {
			const [copy, reason] = shouldCopy(event.stanza);
			event.reason = reason;
			return copy;
		}, -1);

		/** The copy, in what says who sent it to whom. */
		function wrap(stanza: Stanza, bare_jid: string, sent: boolean): Stanza {
			const copy = st.clone(stanza);
			copy.attr.xmlns = "jabber:client";
			return st.message({ from: bare_jid, type: stanza.attr.type ?? "normal" })
				.tag(sent ? "sent" : "received", { xmlns: CARBONS_NAMESPACE })
				.tag("forwarded", { xmlns: FORWARD_NAMESPACE })
				.add_child(copy).reset();
		}

		function copy(event: StanzaEvent, sent: boolean): undefined {
			const { origin, stanza } = event;
			const { to, from } = stanza.attr;
			const bare_jid = jid.bare(sent ? from : to);
			const user = prosody.bare_sessions[bare_jid ?? ""];
			if (bare_jid === undefined || !user) return;
			const target: Session | undefined = sent ? origin : prosody.full_sessions[to!];
			const to_top_resources = !sent && !target;
			const top_priority = user.top_resources?.[0]?.priority;
			const check = parts.host.table<{ stanza: Stanza; session: Session; reason?: string }>({ stanza, session: origin });
			if (!isTrue(module.fire_event("carbons-should-copy", check))) {
				module.log("debug", "Not copying stanza: %s (%s)", stanza.top_tag(), check.reason);
				if (check.reason === "private" && !sent) {
					stanza.maptags((tag) => tag.name === "private" && tag.attr.xmlns === CARBONS_NAMESPACE ? undefined : tag);
				}
				return;
			}
			let carbon: Stanza | undefined;
			for (const session of parts.sessions.of(bare_jid)) {
				if (!isTrue(session.want_carbons) || session === target) continue;
				// These get the message itself. While there are none, sessions without a priority get no copy either.
				if (to_top_resources && session.priority === top_priority) continue;
				carbon ??= wrap(stanza, bare_jid, sent);
				if (sent && to === undefined) stanza.attr.to = bare_jid;
				carbon.attr.to = session.full_jid;
				session.send(carbon);
			}
		}

		for (const kind of ["host", "bare", "full"] as const) {
			module.hook(`pre-message/${kind}`, (event) => copy(event, true), -0.5);
		}
		for (const kind of ["bare", "full"] as const) {
			module.hook(`message/${kind}`, (event) => copy(event, false), -0.5);
		}
		module.add_feature(CARBONS_NAMESPACE);
	};
}
