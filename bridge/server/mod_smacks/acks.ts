import type { Smacks } from "./context";
import type { ServerSession } from "../session-fields";
import type { Stanza } from "../../api";
import { FAULTS, closeWith, queueOf, readCount } from "./context";

/** Sends `<r/>` if it is due, or in any case if forced; never while an answer is awaited. */
export type RequestAck = (session: ServerSession, force: boolean, reason: string) => void;

/** Asks clients for acknowledgements, takes theirs, and answers when they ask (XEP-0198, 4). */
export function installAcks(smacks: Smacks, xmlns_supported: readonly string[]): RequestAck {
	const { module, options, parts, require } = smacks;
	const st = require("util.stanza");
	const timer = require("util.timer");

	function ackDelayed(session: ServerSession): void {
		delete session.delayed_ack_timer;
		if (options.delayed_ack_timeout <= 0 || !session.awaiting_ack) return;
		if (session.hibernating !== undefined || session.destroyed) return;
		const queue = queueOf(session);
		session.log("debug", "Firing event 'smacks-ack-delayed', queue = %d", queue.count_unacked());
		module.fire_event("smacks-ack-delayed", parts.host.table({ origin: session, queue: queue.table() }));
	}

	function stopTimer(session: ServerSession): void {
		if (session.delayed_ack_timer === undefined) return;
		timer.stop(session.delayed_ack_timer);
		delete session.delayed_ack_timer;
	}

	function due(session: ServerSession, force: boolean): boolean {
		if (session.destroyed || !session.smacks || session.hibernating !== undefined) return false;
		if (session.awaiting_ack) return false;
		if (force) return true;
		const queue = queueOf(session);
		const expected_h = queue.count_acked() + queue.count_unacked();
		const most = session.state === "inactive" ? options.max_inactive_unacked_stanzas : options.max_unacked_stanzas;
		// A client that counts wrongly must not be asked again and again for the same count.
		return queue.count_unacked() > most && expected_h !== session.last_requested_h;
	}

	const requestAck: RequestAck = (session, force, reason) => {
		if (!due(session, force)) return;
		const queue = queueOf(session);
		session.log("debug", "Sending <r> from %s - #queue=%d", reason, queue.count_unacked());
		session.awaiting_ack = true;
		session.send(st.stanza("r", { xmlns: session.smacks as string }));
		if (session.destroyed) return;
		session.last_requested_h = queue.count_acked() + queue.count_unacked();
		if (session.delayed_ack_timer === undefined) {
			session.delayed_ack_timer = timer.add_task(options.delayed_ack_timeout, () => ackDelayed(session));
		}
	};

	function answerRequest(session: ServerSession, xmlns: string): true | undefined {
		if (!session.smacks) return undefined;
		session.send(st.stanza("a", { xmlns, h: String(session.handled_stanza_count) }));
		requestAck(session, false, "piggybacked by handle_r");
		return true;
	}

	function acknowledged(session: ServerSession, stanza: Stanza): true | undefined {
		if (!session.smacks) return undefined;
		delete session.awaiting_ack;
		stopTimer(session);
		const h = readCount(stanza);
		const queue = queueOf(session);
		const result = h === undefined ? "count" : queue.ack(h);
		if (typeof result === "string") {
			session.log("warn", "The client says it handled %s stanzas: %s", stanza.attr.h, FAULTS[result].text);
			closeWith(smacks, session, FAULTS[result]);
			return undefined;
		}
		session.log("debug", "#queue = %d (acked: %d)", queue.count_unacked(), result.length);
		requestAck(session, false, "handle_a");
		return true;
	}

	for (const xmlns of xmlns_supported) {
		module.hook_tag(xmlns, "r", (session) => answerRequest(session as ServerSession, xmlns));
		module.hook_tag(xmlns, "a", (session, stanza) => acknowledged(session as ServerSession, stanza));
	}

	module.hook("csi-client-active", ({ origin }) => requestAck(origin as ServerSession, true, "csi-client-active"));
	module.hook("csi-flushing", ({ session }) => requestAck(session as ServerSession, false, "csi-flushing"));
	module.hook("c2s-pre-ondrain", ({ session }) => requestAck(session as ServerSession, false, "c2s-pre-ondrain"));

	// Nothing heard for long: ask once, and let go of a client that does not answer.
	module.hook("c2s-read-timeout", (event) => {
		const session = event.session as ServerSession;
		if (!session.smacks) return undefined;
		if (session.awaiting_ack) {
			stopTimer(session);
			return false;
		}
		requestAck(session, true, "read timeout");
		return true;
	});

	return requestAck;
}
