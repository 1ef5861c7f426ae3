import type { Host, HostObject, Session, Stanza, StanzaEvent } from "../api";
import { isTrue } from "./lua-truth";

type Origin = Session | HostObject;

const STANZA_NAMES = new Set(["message", "presence", "iq"]);
const IQ_TYPES = new Set(["set", "get", "result", "error"]);

/** Gives the host Prosody's stanza router (`core.stanza_router`): its three functions on the `prosody` table. */
export function installRouter(host: Host): void {
	const { prosody } = host;
	const st = host.require("util.stanza");
	const jid = host.require("util.jid");
	const log = host.require("util.logger").init("stanzarouter");

	function fire(host_object: HostObject, name: string, event: object): unknown {
		return host_object.events.fire_event(name, event);
	}

	/** Errors and results must not be answered (RFC 6120, 8.3.1). */
	function answerable(stanza: Stanza): boolean {
		return stanza.attr.type !== "error" && stanza.attr.type !== "result";
	}

	function handle_unhandled_stanza(origin: Origin, stanza: Stanza): void {
		const xmlns = stanza.attr.xmlns ?? "jabber:client";
		if (xmlns !== "jabber:client" || !STANZA_NAMES.has(stanza.name)) {
			log("warn", "Unhandled %s stream element or stanza: %s; xmlns=%s", origin.type, stanza.name, xmlns);
			origin.close("unsupported-stanza-type");
			return;
		}
		const { type } = stanza.attr;
		if (type === "error" || (stanza.name === "iq" && type === "result")) {
			log("debug", "Discarding %s from %s of type: %s", stanza.name, origin.type, type);
			return;
		}
		log("debug", "Unhandled %s stanza: %s", origin.type, stanza.top_tag());
		origin.send(st.error_reply(stanza, "cancel", "service-unavailable"));
	}

	/** What is wrong with an IQ from a client (RFC 6120, 8.2.3). */
	function iqFault(stanza: Stanza): string | undefined {
		const { type, id } = stanza.attr;
		if (type === undefined || !IQ_TYPES.has(type)) return "Invalid IQ type";
		if (id === undefined) return "Missing required 'id' attribute";
		if ((type === "set" || type === "get") && stanza.tags.length !== 1) {
			return "Incorrect number of children for IQ stanza";
		}
		return undefined;
	}

	/** The address in its normal form; nil if it is invalid, which the sender is told. */
	function preparedAddress(origin: Origin, stanza: Stanza, which: "destination" | "source"): string | undefined {
		const address = which === "destination" ? stanza.attr.to! : stanza.attr.from!;
		const [node, domain, resource] = jid.prepped_split(address);
		if (domain === undefined) {
			log("warn", "Received stanza with invalid %s JID: %s", which, address);
			if (answerable(stanza)) {
				const text = `The ${which} address is invalid: ${address}`;
				origin.send(st.error_reply(stanza, "modify", "jid-malformed", text));
			}
			return undefined;
		}
		return jid.join(node, domain, resource);
	}

	function known(address: string): boolean {
		return prosody.full_sessions[address] !== undefined || prosody.bare_sessions[address] !== undefined ||
			prosody.hosts[address] !== undefined;
	}

	function core_process_stanza(origin: Session, stanza: Stanza): void {
		origin.log?.("debug", "Received[%s]: %s", origin.type, stanza);
		if (origin.type === "c2s" && stanza.attr.xmlns === undefined) {
			if (stanza.attr.type === "error" && stanza.tags.length === 0) return handle_unhandled_stanza(origin, stanza);
			const fault = stanza.name === "iq" ? iqFault(stanza) : undefined;
			if (fault !== undefined) {
				origin.send(st.error_reply(stanza, "modify", "bad-request", fault));
				return;
			}
			stanza.attr.from = origin.full_jid;
		}
		const { to, from, xmlns } = stanza.attr;
		if (to !== undefined && !known(to)) {
			const prepared = preparedAddress(origin, stanza, "destination");
			if (prepared === undefined) return;
			stanza.attr.to = prepared;
		}
		if (from !== undefined && origin.full_jid === undefined) {
			const prepared = preparedAddress(origin, stanza, "source");
			if (prepared === undefined) return;
			stanza.attr.from = prepared;
		}
		const routable = origin.type === "c2s" || origin.type === "component" || origin.type === "s2sin";
		if (routable && xmlns === undefined) {
			core_post_stanza(origin, stanza, origin.full_jid !== undefined);
			return;
		}
		const host_object = prosody.hosts[stanza.attr.to ?? origin.host ?? ""];
		const event = host.table<StanzaEvent>({ origin, stanza });
		if (host_object && isTrue(fire(host_object, streamEvent(stanza), event))) return;
		handle_unhandled_stanza(origin, stanza);
	}

	function core_post_stanza(origin: Origin, stanza: Stanza, preevents?: boolean): void {
		const [node, domain, resource] = jid.split(stanza.attr.to);
		const to_bare = node !== undefined ? `${node}@${domain}` : domain;
		let to_type = domain !== undefined ? "/host" : "/bare";
		let to_self: true | undefined = domain === undefined ? true : undefined;
		if (node !== undefined) {
			to_type = resource !== undefined ? "/full" : "/bare";
			if (resource === undefined && node === (origin as Session).username && domain === origin.host) {
				delete stanza.attr.to;
				to_self = true;
			}
		}
		// A handler may put another stanza in here, which later handlers then see.
		const event = host.table<StanzaEvent & { reason?: string }>({ origin: origin as Session, stanza, to_self });
		const own_host = prosody.hosts[origin.host ?? ""];
		if (preevents && own_host) {
			if (fire(own_host, "pre-stanza", event) !== undefined) {
				log("debug", "Stanza rejected by pre-stanza handler: %s", event.reason ?? "unknown reason");
				return;
			}
			if (isTrue(fire(own_host, `pre-${stanza.name}${to_type}`, event))) return;
		}
		const target = prosody.hosts[to_bare ?? ""] ?? prosody.hosts[domain ?? origin.host ?? ""];
		if (!target) {
			core_route_stanza(origin, stanza);
			return;
		}
		if (isTrue(fire(target, stanza.name + to_type, event))) return;
		if (to_self && isTrue(fire(target, `${stanza.name}/self`, event))) return;
		handle_unhandled_stanza(origin, stanza);
	}

	function core_route_stanza(origin: Origin | undefined, stanza: Stanza): void {
		const to_host = jid.host(stanza.attr.to);
		const from_host = jid.host(stanza.attr.from);
		const host_object = prosody.hosts[from_host ?? ""];
		const sender = origin ?? host_object;
		if (!sender) return;
		if (prosody.hosts[to_host ?? ""]) {
			core_post_stanza(sender, stanza);
			return;
		}
		if (!host_object) {
			log("error", "No host %s to send from: %s", from_host, stanza.top_tag());
			return;
		}
		const { xmlns } = stanza.attr;
		delete stanza.attr.xmlns;
		const routed = fire(host_object, "route/remote", host.table({ origin: sender, stanza, from_host, to_host }));
		if (xmlns !== undefined) stanza.attr.xmlns = xmlns;
		if (isTrue(routed) || stanza.attr.type === "error" || (stanza.name === "iq" && stanza.attr.type === "result")) {
			return;
		}
		const text = "Communication with remote domains is not enabled";
		core_route_stanza(host_object, st.error_reply(stanza, "cancel", "not-allowed", text));
	}

	prosody.core_process_stanza = core_process_stanza;
	prosody.core_post_stanza = core_post_stanza;
	prosody.core_route_stanza = core_route_stanza;
}

/** The event for an element that is not routed: a nonza, or a stanza before a resource is bound. */
function streamEvent(stanza: Stanza): string {
	const { xmlns, type } = stanza.attr;
	if (xmlns !== undefined) return `stanza/${xmlns}:${stanza.name}`;
	const child = stanza.tags[0];
	if (stanza.name === "iq" && (type === "set" || type === "get") && child?.attr.xmlns !== undefined) {
		return `stanza/iq/${child.attr.xmlns}:${child.name}`;
	}
	return `stanza/${stanza.name}`;
}
