import type { Session } from "../../bridge/api";

/** How its user attends to a session, as far as it tells. */
export type Attention = "attended" | "away" | "unknown";

export function attention_of(session: Session): Attention {
	// Nobody is there who would see what it gets; it may have been available when the connection went away.
	if (session.hibernating !== undefined) return "unknown";
	if (session.presence === undefined) {
		// What is held back for an inactive client is flushed to it while it stays inactive (XEP-0352).
		return session.state === undefined || session.state === "active" ? "attended" : "unknown";
	}
	const show = session.presence.get_child_text("show");
	return show === "away" || show === "xa" ? "away" : "attended";
}
