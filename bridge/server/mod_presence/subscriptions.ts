import type { HostObject, ModuleApi, Require, Session, Stanza } from "../../api";
import type { Parts } from "../parts";
import type { ServerSession } from "../session-fields";
import { createSendTo } from "./sending";

/** Handles a subscription stanza or a probe that arrived for an account. */
export type HandleInbound = (origin: Session, stanza: Stanza) => true;

/** Subscriptions and probes between accounts, and presence that a client directs to somebody (RFC 6121, 3 and 4). */
export function installSubscriptions(parts: Parts, module: ModuleApi, require: Require): HandleInbound {
	const st = require("util.stanza");
	const jid = require("util.jid");
	const { rosters, sessions } = parts;
	const { prosody } = parts.host;

	const sendTo = createSendTo(prosody);
	/** Goes straight to its addressee. */
	const post = (origin: Session | HostObject, stanza: Stanza) => prosody.core_post_stanza(origin, stanza);

	/** Sends an entity the presence of all available sessions of an account, or this stanza in its place. */
	function sendPresenceOfAvailable(username: string, to: string, stanza?: Stanza): number {
		let count = 0;
		for (const session of sessions.of(`${username}@${module.host}`)) {
			if (!session.presence) continue;
			const presence = stanza ?? session.presence;
			if (stanza) stanza.attr.from = session.full_jid;
			sendTo(session, presence, to);
			delete presence.attr.to;
			count += 1;
		}
		return count;
	}

	/** Handles a stanza as if it went between bare JIDs. */
	function betweenAccounts(stanza: Stanza, from: string, to: string, handle: () => void): void {
		const before = { from: stanza.attr.from, to: stanza.attr.to };
		stanza.attr.from = from;
		stanza.attr.to = to;
		handle();
		stanza.attr.from = before.from;
		stanza.attr.to = before.to;
	}

	function outbound(origin: Session | HostObject, stanza: Stanza, from: string, to: string): void {
		const username = jid.node(from)!;
		const host = jid.host(from)!;
		const push = () => rosters.push(username, host, to);
		switch (stanza.attr.type) {
			case "subscribe":
				if (rosters.set_contact_pending_out(username, host, to)) push();
				post(origin, stanza);
				break;
			case "unsubscribe":
				if (rosters.unsubscribe(username, host, to)) push();
				post(origin, stanza);
				break;
			case "subscribed":
				if (rosters.subscribed(username, host, to)) push();
				if (rosters.is_contact_subscribed(username, host, to)) {
					post(origin, stanza);
					sendPresenceOfAvailable(username, to);
				}
				if (rosters.is_user_subscribed(username, host, to)) post(origin, st.presence({ type: "probe", from, to }));
				break;
			case "unsubscribed": {
				const { changed, was_subscribed } = rosters.unsubscribed(username, host, to);
				if (!changed) break;
				if (was_subscribed) push();
				post(origin, stanza);
				if (was_subscribed) sendPresenceOfAvailable(username, to, st.presence({ type: "unavailable" }));
				break;
			}
			default:
				origin.send(st.error_reply(stanza, "modify", "bad-request", "Invalid presence type"));
		}
	}

	/** Subscriptions and probes; nil for presence that is neither. */
	function handleOutbound(origin: Session | HostObject, stanza: Stanza): true | undefined {
		const { to, type } = stanza.attr;
		if (to === undefined) return undefined;
		const to_bare = jid.bare(to)!;
		if (type !== undefined && type !== "unavailable" && type !== "error") {
			const from_bare = jid.bare(stanza.attr.from)!;
			if (to_bare === from_bare || type === "probe") return undefined;
			betweenAccounts(stanza, from_bare, to_bare, () => outbound(origin, stanza, from_bare, to_bare));
			return true;
		}
		const session = origin as ServerSession;
		const subscription = session.roster?.[to_bare]?.subscription;
		if (!session.roster || subscription === "both" || subscription === "from") return undefined;
		const none: Record<string, boolean | undefined> = Object.create(null);
		session.directed ??= parts.host.table(none);
		if (type === undefined) session.directed[to] = true;
		else delete session.directed[to];
		return undefined;
	}

	for (const kind of ["full", "bare", "host"] as const) {
		module.hook(`pre-presence/${kind}`, ({ origin, stanza }) => handleOutbound(origin, stanza));
	}

	function inboundSubscribe(stanza: Stanza, username: string, from: string, to: string): void {
		const host = prosody.hosts[module.host]!;
		const answer = (type: string) => sendTo(host, st.presence({ from: to, type }), from);
		if (rosters.is_contact_subscribed(username, module.host, from)) {
			answer("subscribed");
			if (sendPresenceOfAvailable(username, from) === 0) answer("unavailable");
			return;
		}
		const preapproved = rosters.is_contact_preapproved(username, module.host, from);
		if (!preapproved) answer("unavailable");
		if (rosters.is_contact_pending_in(username, from)) return;
		if (!rosters.set_contact_pending_in(username, module.host, from, stanza)) return;
		if (preapproved) answer("subscribed");
		else sessions.send_to_available_resources(username, module.host, stanza);
	}

	function inboundProbe(username: string, asker: string, from: string, to: string): void {
		const host = prosody.hosts[module.host]!;
		if (!rosters.is_contact_subscribed(username, module.host, from)) {
			sendTo(host, st.presence({ from: to, type: "unsubscribed" }), from);
		} else if (sendPresenceOfAvailable(username, asker) === 0) {
			sendTo(host, st.presence({ from: to, type: "unavailable" }), asker);
		}
	}

	function inbound(origin: Session, stanza: Stanza): true {
		const from = jid.bare(stanza.attr.from)!;
		const to = jid.bare(stanza.attr.to)!;
		const asker = stanza.attr.from!;
		const username = jid.node(to)!;
		const tellIf = (changed: boolean) => {
			if (!changed) return;
			sessions.send_to_interested_resources(username, module.host, stanza);
			rosters.push(username, module.host, from);
		};
		betweenAccounts(stanza, from, to, () => {
			switch (stanza.attr.type) {
				case "probe":
					return inboundProbe(username, asker, from, to);
				case "subscribe":
					return inboundSubscribe(stanza, username, from, to);
				case "unsubscribe":
					return tellIf(rosters.process_inbound_unsubscribe(username, module.host, from));
				case "subscribed":
					return tellIf(rosters.process_inbound_subscription_approval(username, module.host, from));
				case "unsubscribed":
					return tellIf(rosters.process_inbound_subscription_cancellation(username, module.host, from));
				default:
					origin.send(st.error_reply(stanza, "modify", "bad-request", "Invalid presence type"));
			}
		});
		return true;
	}

	module.hook("roster-item-removed", (event) => {
		const { username, jid: contact, item, origin } = event as {
			username: string; jid: string; item?: { subscription: string; ask?: string }; origin: Session;
		};
		const from = origin.full_jid ?? `${username}@${module.host}`;
		const subscription = item?.subscription;
		if (subscription === "both" || subscription === "from" || rosters.is_contact_pending_in(username, contact)) {
			post(origin, st.presence({ type: "unsubscribed", from, to: contact }));
		}
		if (subscription === "both" || subscription === "to" || item?.ask !== undefined) {
			sendPresenceOfAvailable(username, contact, st.presence({ type: "unavailable" }));
			post(origin, st.presence({ type: "unsubscribe", from, to: contact }));
		}
	}, -1);

	return inbound;
}
