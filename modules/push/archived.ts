import type { ModuleApi, Prosody, Stanza } from "../../bridge/api";
import { account_of } from "./account";
import { carbon_copied_message } from "./content";

/** Whether messages of the host's users are archived. */
export function has_archive(module: ModuleApi, prosody: Prosody): boolean {
	return prosody.hosts[module.host]?.modules["mam"] !== undefined;
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
	// Others can write what looks like a copy.
	const copied = stanza.attr.from === account ? carbon_copied_message(stanza) : undefined;
	const message = copied ?? stanza;
	let archive_id: string | undefined;
	for (const { name, attr } of message.tags) {
		if (name === "stanza-id" && attr.xmlns === "urn:xmpp:sid:0" && attr.by === account) archive_id = attr.id;
	}
	return archive_id;
}
