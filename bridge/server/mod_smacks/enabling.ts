import type { AddFilters } from "./counting";
import type { Session, Stanza } from "../../api";
import type { ServerSession } from "../session-fields";
import type { Smacks } from "./context";
import { createStreamQueue } from "./smqueue";
import { failed, registryKey } from "./context";

/** Enables stream management when a client asks for it (XEP-0198, 3). */
export function installEnabling(smacks: Smacks, xmlns_supported: readonly string[], addFilters: AddFilters): void {
	const { module, options, parts, require, resumable } = smacks;

	function enable(session: ServerSession, stanza: Stanza, xmlns: string): true {
		const fault = enablingFault(session);
		if (fault) {
			session.log("warn", "Failed to enable smacks: %s", fault.text);
			session.send(failed(smacks, xmlns, fault.condition));
			return true;
		}
		forgetOldest(session.username!);
		session.smacks = xmlns;
		session.outgoing_stanza_queue = createStreamQueue(parts.host, options.queue_size);
		session.handled_stanza_count = 0;
		addFilters(session);
		const { resume } = stanza.attr;
		const enabled = require("util.stanza").stanza("enabled", { xmlns });
		if (resume === "true" || resume === "1") {
			const token = require("util.id").short();
			session.resumption_token = token;
			resumable.set(registryKey(session, token), session);
			enabled.attr.id = token;
			enabled.attr.max = String(options.resume_timeout);
		}
		if (resume !== undefined) enabled.attr.resume = resume;
		session.send(enabled);
		return true;
	}

	/** An account keeps the counts of the streams that ended last. */
	function forgetOldest(username: string): void {
		const ended = parts.accounts.register(username).ended_streams;
		const newest_first = [...ended].sort(([, one], [, other]) => other.t - one.t);
		for (const [token] of newest_first.slice(options.max_old_sessions)) ended.delete(token);
	}

	for (const xmlns of xmlns_supported) {
		module.hook_tag(xmlns, "enable", (session, stanza) => enable(session as ServerSession, stanza, xmlns), 100);
	}
}

/** Why stream management cannot be enabled now. */
function enablingFault(session: Session): { condition: string; text: string } | undefined {
	if (session.smacks) return { condition: "unexpected-request", text: "Stream management is already enabled" };
	if (session.username === undefined) {
		return { condition: "service-unavailable", text: "Stream management is not available for this stream" };
	}
	if (session.resource === undefined) {
		const text = "Client must bind a resource before enabling stream management";
		return { condition: "unexpected-request", text };
	}
	return undefined;
}
