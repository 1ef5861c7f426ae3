import type { BindFailure } from "./sessions";
import type { Login } from "./wire";
import type { Parts } from "./parts";
import type { ServerSession } from "./session-fields";
import type { Stanza } from "../api";
import { parseElement } from "./element";

const BIND2_NAMESPACE = "urn:xmpp:bind:0";
const SASL2_NAMESPACE = "urn:xmpp:sasl:2";

/** Fires `advertise-bind-features` for a session that has not logged in yet (XEP-0388, XEP-0386). */
export function advertiseBindFeatures(parts: Parts, session: ServerSession): void {
	const features = parts.host.require("util.stanza").stanza("inline");
	const { events } = parts.host.prosody.hosts[session.host!]!;
	events.fire_event("advertise-bind-features", parts.host.table({ origin: session, features }));
}

/**
 * Binds a resource with Bind 2 and fires `enable-bind-features`.
 *
 * @returns `<success>` for the client, or why the resource could not be bound
 */
export function bindInline(parts: Parts, session: ServerSession, login: Login): Stanza | BindFailure {
	const st = parts.host.require("util.stanza");
	const tag = login.resource;
	const resource = tag === undefined ? undefined : `${tag}~${tagSuffix(parts, session)}`;
	const failure = parts.sessions.bind_resource(session, resource);
	if (failure) return failure;
	const request = st.stanza("bind", { xmlns: BIND2_NAMESPACE });
	if (tag !== undefined) request.text_tag("tag", tag, { xmlns: BIND2_NAMESPACE });
	for (const xml of login.inline ?? []) {
		const element = parseElement(parts.host.require, xml, "jabber:client");
		if (!element) throw new Error(`What is to be enabled with Bind 2 is no element: ${xml}`);
		request.add_child(element);
	}
	const result = st.stanza("bound", { xmlns: BIND2_NAMESPACE });
	const { events } = parts.host.prosody.hosts[session.host!]!;
	events.fire_event("enable-bind-features", parts.host.table({ session, request, result }));
	return st.stanza("success", { xmlns: SASL2_NAMESPACE })
		.text_tag("authorization-identifier", session.full_jid)
		.add_child(result.reset());
}

/** What sets clients of one name apart: nine bytes of a hash of the client's id, else chance. */
function tagSuffix(parts: Parts, session: ServerSession): string {
	if (session.client_id === undefined) return parts.host.require("util.id").medium();
	const hash = parts.host.require("util.hashes").sha1(session.client_id, true);
	return Buffer.from(hash.slice(0, 18), "hex").toString("base64");
}
