import type { Stanza } from "../../bridge/api";

/** Whether the text of a message has one of these names in it. */
export function is_named_in(message: Stanza, names: readonly string[]): boolean {
	const body = message.get_child_text("body");
	return body !== undefined && names.some((name) => body.includes(name));
}
