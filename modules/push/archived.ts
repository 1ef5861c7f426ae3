import type { ModuleApi, Prosody, Stanza } from "../../bridge/api";
import { account_of } from "./account";
import { message_copied_for } from "./carbons";

export const xmlns_stanza_id = "urn:xmpp:sid:0";

/** Whether messages of the host's users are archived. */
export function has_archive(module: ModuleApi, prosody: Prosody): boolean {
	return prosody.hosts[module.host]?.modules["mam"] !== undefined;
}

/** Whether an element is a message's id in an account's archive, or claims to be. */
export function is_archive_id({ name, attr }: Stanza, account: string): boolean {
	return name === "stanza-id" && attr.xmlns === xmlns_stanza_id && attr.by === account;
}

/**
 * The id under which a user's archive stored a message, or the message that it is a copy of (XEP-0359). The archive
 * takes out what others claim in the account's name, unless it stores the message: then it puts its own at the end.
 */
export function archive_id_of(
	module: ModuleApi, prosody: Prosody, stanza: Stanza, username: string,
): string | undefined {
	if (!has_archive(module, prosody)) return undefined;
	const account = account_of(module, username);
	const message = message_copied_for(account, stanza) ?? stanza;
	let archive_id: string | undefined;
	for (const tag of message.tags) {
		if (is_archive_id(tag, account)) archive_id = tag.attr.id;
	}
	return archive_id;
}
