import type { ModuleApi, Require, Session, Stanza } from "../../api";
import type { Parts } from "../parts";
import type { ServerSession } from "../session-fields";
import type { StreamQueue } from "./smqueue";
import { readNumber } from "../options";

const ERRORS_NAMESPACE = "urn:ietf:params:xml:ns:xmpp-stanzas";

/** `mod_smacks`'s options, with its defaults. */
export interface Options {
	/** Stanzas that a session keeps for its client. */
	queue_size: number;
	/** Seconds that a session hibernates. */
	resume_timeout: number;
	max_unacked_stanzas: number;
	max_inactive_unacked_stanzas: number;
	/** Seconds without `<a/>` until `smacks-ack-delayed`; 0 never fires it. */
	delayed_ack_timeout: number;
	/** How many counts of ended streams an account keeps. */
	max_old_sessions: number;
}

/** What the parts of `mod_smacks` share in one load of it. */
export interface Smacks {
	parts: Parts;
	module: ModuleApi;
	require: Require;
	options: Options;
	/** Resumable sessions by `registryKey`. */
	resumable: Map<string, ServerSession>;
}

export function readOptions(module: ModuleApi): Options {
	return {
		queue_size: readNumber(module, "smacks_max_queue_size", 500),
		resume_timeout: readNumber(module, "smacks_hibernation_time", 600),
		max_unacked_stanzas: readNumber(module, "smacks_max_unacked_stanzas", 0),
		max_inactive_unacked_stanzas: readNumber(module, "smacks_max_inactive_unacked_stanzas", 256),
		delayed_ack_timeout: readNumber(module, "smacks_max_ack_delay", 30),
		max_old_sessions: readNumber(module, "smacks_max_old_sessions", 10),
	};
}

/** Tokens are an account's own: nobody resumes another's stream. */
export function registryKey(session: Session, token: string): string {
	return `${session.username}@${session.host}/${token}`;
}

/** The queue of a session that has stream management enabled. */
export function queueOf(session: Session): StreamQueue {
	return session.outgoing_stanza_queue as StreamQueue;
}

/** A count of stanzas in `h`; nil if it is none. */
export function readCount(stanza: Stanza): number | undefined {
	const { h } = stanza.attr;
	return h !== undefined && /^-?\d+$/.test(h.trim()) ? Number(h) : undefined;
}

/** `<failed/>` with a stanza error's condition, and how many stanzas were handled if that is known. */
export function failed(smacks: Smacks, xmlns: string, condition: string, h?: number): Stanza {
	const stanza = smacks.require("util.stanza").stanza("failed", { xmlns });
	if (h !== undefined) stanza.attr.h = String(h);
	return stanza.tag(condition, { xmlns: ERRORS_NAMESPACE });
}

/** Why a stream is closed that cannot go on (XEP-0198, 4). */
export interface StreamFault {
	condition: string;
	text: string;
}

/** Faults of counts that cannot be, by what `StreamQueue.ack` calls them, and of a queue that dropped stanzas. */
export const FAULTS: Readonly<Record<"head" | "tail" | "overflow" | "count", StreamFault>> = {
	head: { condition: "undefined-condition", text: "Client acknowledged more stanzas than sent by server" },
	tail: { condition: "undefined-condition", text: "Client acknowledged less stanzas than already acknowledged" },
	overflow: {
		condition: "resource-constraint", text: "Too many unacked stanzas remaining, session can't be resumed",
	},
	count: { condition: "invalid-xml", text: "Missing or invalid 'h' attribute" },
};

export function closeWith(smacks: Smacks, session: Session, fault: StreamFault): void {
	session.close(smacks.parts.host.table({ ...fault }));
}
