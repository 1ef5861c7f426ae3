import type { Stanza } from "../../bridge/api";

/** What a push module thinks of a stanza. */
export interface Rules {
	/**
	 * Whether a stanza for a user must reach them now, such as a call.
	 * @returns why, or nil if it can wait
	 */
	urgency(this: void, stanza: Stanza, username: string): string | undefined;
	/** Whether a stanza for a user is worth their attention. */
	is_important(this: void, stanza: Stanza, username: string): boolean;
}
