import type { AddFilters } from "./counting";
import type { RequestAck } from "./acks";
import type { Session, Stanza } from "../../api";
import type { ServerSession } from "../session-fields";
import type { Smacks, StreamFault } from "./context";
import { FAULTS, closeWith, failed, queueOf, readCount, registryKey } from "./context";

/** Gives a session its client back, on another stream (XEP-0198, 5). */
export function installResumption(
	smacks: Smacks, xmlns_supported: readonly string[], addFilters: AddFilters, requestAck: RequestAck,
): void {
	const { module, parts, require, resumable } = smacks;
	const st = require("util.stanza");

	function resume(session: ServerSession, stanza: Stanza, xmlns: string): boolean {
		if (session.full_jid !== undefined) {
			session.log("warn", "Tried to resume after resource binding");
			session.send(failed(smacks, xmlns, "unexpected-request"));
			return true;
		}
		const previd = stanza.attr.previd ?? "";
		const original = resumable.get(registryKey(session, previd));
		if (!original) {
			refuseUnknown(session, previd, xmlns);
			return true;
		}
		wake(original, session);
		const fault = acknowledge(original, stanza);
		const handled = { xmlns, h: String(original.handled_stanza_count), previd };
		if (fault) {
			original.send(st.stanza("failed", handled));
			closeWith(smacks, original, fault);
			return false;
		}
		original.send(st.stanza("resumed", handled));
		resend(original);
		retire(session);
		module.fire_event("smacks-hibernation-end", parts.host.table({
			origin: session, resumed: original, queue: queueOf(original).table(),
		}));
		delete original.awaiting_ack;
		requestAck(original, true, "handle_resume");
		return true;
	}

	/** The session goes on, over the stream of the one that asked for it. */
	function wake(original: ServerSession, session: ServerSession): void {
		original.hibernating_watchdog?.cancel();
		delete original.hibernating_watchdog;
		session.log("debug", "mod_smacks resuming existing session %s...", original.id);
		parts.streams.get(session)!.resume(original);
		delete original.hibernating;
		original.resumption_counter = (original.resumption_counter ?? 0) + 1;
		addFilters(original);
	}

	/** Takes note of what had arrived; why the stream cannot go on, if it cannot. */
	function acknowledge(original: Session, stanza: Stanza): StreamFault | undefined {
		const h = readCount(stanza);
		const queue = queueOf(original);
		const result = h === undefined ? "count" : queue.ack(h);
		if (typeof result === "string") return FAULTS[result];
		return queue.resumable() ? undefined : FAULTS.overflow;
	}

	function resend(original: ServerSession): void {
		const queue = queueOf(original);
		original.log("debug", "resending all unacked stanzas, #queue = %d", queue.count_unacked());
		original.resending_unacked = true;
		for (const queued of queue.table()) original.send(queued);
		delete original.resending_unacked;
	}

	/** The session that asked is left without a stream. */
	function retire(session: Session): void {
		session.send = (late) => {
			session.log("error", "Tried to send stanza on old session migrated by smacks resume: %s", late);
			return false;
		};
	}

	function refuseUnknown(session: Session, previd: string, xmlns: string): void {
		const { ended_streams } = parts.accounts.register(session.username!);
		const ended = ended_streams.get(previd);
		session.log("debug", "Tried to resume %s session with id %s", ended ? "expired" : "non-existent", previd);
		session.send(failed(smacks, xmlns, "item-not-found", ended?.h));
		ended_streams.delete(previd);
	}

	for (const xmlns of xmlns_supported) {
		module.hook_tag(xmlns, "resume", (session, stanza) => resume(session as ServerSession, stanza, xmlns));
	}
}
