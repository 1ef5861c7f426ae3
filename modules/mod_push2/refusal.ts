/** Why a request is refused, as a stanza error (RFC 6120, 8.3). */
export interface Refusal {
	type: "cancel" | "modify" | "wait";
	condition: string;
	/** For who writes the client; holds nothing of what the client sent. Nil where there is nothing to say. */
	text?: string;
}

/** What was read, or why it is refused. */
export type Reading<Value> = { value: Value; refusal?: undefined } | { refusal: Refusal };

/** What was asked for is not what the protocol has. */
export function malformed(text: string): Refusal {
	return { type: "modify", condition: "bad-request", text };
}

/** What is to be an address is none. */
export function no_jid(text: string): Refusal {
	return { type: "modify", condition: "jid-malformed", text };
}

/** More than anybody needs. */
export function too_much(text: string): Refusal {
	return { type: "modify", condition: "policy-violation", text };
}

/** What was asked for may well exist, but not here. */
export function not_here(text: string): Refusal {
	return { type: "cancel", condition: "feature-not-implemented", text };
}

/** The store failed. */
export const store_failed: Refusal = { type: "wait", condition: "internal-server-error" };
