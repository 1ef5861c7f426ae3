import type { BindFailure } from "./sessions";
import type { Login } from "./wire";
import type { Parts } from "./parts";
import type { ServerSession } from "./session-fields";
import type { Stanza } from "../api";
import { parseElement } from "./element";

const BIND2_NAMESPACE = "urn:xmpp:bind:0";
const SASL2_NAMESPACE = "urn:xmpp:sasl:2";

/**
 * Fires `advertise-bind-features` for a session that has not logged in yet (XEP-0388, XEP-0386).
 *
 * @returns the stream's features for the client, as far as they are about Bind 2
 */
export function advertiseBindFeatures(parts: Parts, session: ServerSession): Stanza {
	const st = parts.host.require("util.stanza");
	const features = st.stanza("inline");
	const { events } = parts.host.prosody.hosts[session.host!]!;
	events.fire_event("advertise-bind-features", parts.host.table({ origin: session, features }));
	return st.stanza("stream:features")
		.tag("authentication", { xmlns: SASL2_NAMESPACE })
		.tag("inline")
		.tag("bind", { xmlns: BIND2_NAMESPACE })
		.add_child(features.reset())
		.reset();
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
	const request = readRequest(parts, login);
	const result = st.stanza("bound", { xmlns: BIND2_NAMESPACE });
	const { events } = parts.host.prosody.hosts[session.host!]!;
	events.fire_event("enable-bind-features", parts.host.table({ session, request, result }));
	return st.stanza("success", { xmlns: SASL2_NAMESPACE })
		.add_child(result.reset())
		.text_tag("authorization-identifier", session.full_jid);
}

/** The `<bind>` of the client's request, as it comes out of `<authenticate>`. */
function readRequest({ host }: Parts, { resource, inline = [] }: Login): Stanza {
	const tag = resource === undefined ? "" : String(host.require("util.stanza").stanza("tag").text(resource));
	const bind = `<bind xmlns="${BIND2_NAMESPACE}">${tag}${inline.join("")}</bind>`;
	const text = `<authenticate xmlns="${SASL2_NAMESPACE}">${bind}</authenticate>`;
	const request = parseElement(host.require, text, "jabber:client")?.child_with_ns(BIND2_NAMESPACE);
	if (!request) throw new Error(`What is to be enabled with Bind 2 is not well-formed: ${inline.join("")}`);
	return request;
}

/** What sets clients of one name apart: nine bytes of a hash of the client's id, else chance. */
function tagSuffix(parts: Parts, session: ServerSession): string {
	if (session.client_id === undefined) return parts.host.require("util.id").medium();
	const hash = parts.host.require("util.hashes").sha1(session.client_id, true);
	return Buffer.from(hash.slice(0, 18), "hex").toString("base64");
}
