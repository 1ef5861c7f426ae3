import type { CacheLibrary, Stanza } from "../../bridge/api";
import { carbon_copied_message } from "./importance";

/** How many archived messages are remembered; one is forgotten when as many have been pushed after it. */
const remembered_messages = 1000;

/** What a push is about. */
export interface Subject {
	stanza: Stanza;
	/** Its id in the archive, where the stanza itself does not carry it. */
	archive_id?: string;
}

/** Sees to it that no stanza is pushed twice to one registration. */
export interface PushedOnce {
	was_pushed(this: void, subject: Subject, username: string, identifier: string): boolean;
	/** Also for a push that was blocked: it was decided on, once. */
	mark(this: void, subject: Subject, username: string, identifier: string): void;
}

/**
 * A stanza is known by a mark on itself. On its way the server clones it: for the archive, for stream management, into
 * carbon copies. Clones lose the mark, but carry the archive's `<stanza-id/>` (XEP-0359), so what was pushed when it
 * was archived is known by that id too. Only ids that the archive itself reported count: anyone can write one.
 * @param host the host of the users
 */
export function pushed_once(cache: CacheLibrary, host: string): PushedOnce {
	const archived = cache.new<Record<string, boolean | undefined>>(remembered_messages);

	const archived_under = (stanza: Stanza, username: string): string | undefined => {
		const message = carbon_copied_message(stanza) ?? stanza;
		const stanza_id = message.get_child_with_attr("stanza-id", "urn:xmpp:sid:0", "by", `${username}@${host}`);
		return stanza_id?.attr.id;
	};

	const key = (username: string, archive_id: string): string => `${username}\n${archive_id}`;

	return {
		was_pushed: ({ stanza, archive_id }, username, identifier) => {
			if (stanza._push_notify?.[identifier] === true) return true;
			const id = archive_id ?? archived_under(stanza, username);
			if (id === undefined) return false;
			return archived.get(key(username, id))?.[identifier] === true;
		},
		mark: ({ stanza, archive_id }, username, identifier) => {
			stanza._push_notify ??= {};
			stanza._push_notify[identifier] = true;
			if (archive_id !== undefined) {
				const pushed_to = archived.get(key(username, archive_id)) ?? {};
				pushed_to[identifier] = true;
				archived.set(key(username, archive_id), pushed_to);
			}
		},
	};
}
