import type { Roster, Session, Stanza } from "../api";

/** A session with the fields that only the server itself and its own modules use, named as Prosody names them. */
export interface ServerSession extends Session {
	/** Writes text to the connection. */
	rawsend: (this: void, text: string) => boolean;
	ip?: string;
	roster?: Roster;
	/** Entities that got presence although they are not subscribed to it. */
	directed?: Record<string, boolean | undefined>;

	/** Runs out when `<r/>` stays unanswered for too long: `smacks-ack-delayed`. */
	delayed_ack_timer?: unknown;
	/** Up to which count `<r/>` has asked. */
	last_requested_h?: number;
	/** What is sent goes past the queue. */
	resending_unacked?: boolean;
	resumption_counter?: number;

	/** Stanzas held back, or let through, since the last flush. */
	csi_counter?: number;
	/** The timer that ends a flush. */
	csi_resume?: unknown;

	/** A stand-in origin that is no stream. */
	dummy?: boolean;
}

/** Why a stream is closed: a condition (RFC 6120, 4.9.3), or a condition with text, or a whole `<stream:error>`. */
export type CloseReason =
	| string
	| { condition?: string; text?: string; name?: string; extra?: Stanza }
	| false
	| undefined;

/** What `reason` comes down to in logs and in the unavailable presence: the text, else the condition. */
export function reasonText(reason: CloseReason): string | false | undefined {
	if (typeof reason !== "object") return reason;
	return reason.name ?? reason.text ?? reason.condition;
}
