import type { Cache, CacheLibrary, ModuleApi, Prosody, Stanza } from "../../bridge/api";
import { archive_id_of } from "./archived";

/** How many archived messages are remembered; one is forgotten when as many have been pushed after it. */
const remembered_messages = 1000;

/** What a push is about. */
export interface Subject {
	stanza: Stanza;
	/** Its id in the archive, where the stanza itself does not carry it. */
	archive_id?: string;
}

/** The field of a stanza that says to which registrations it was pushed, one for each module. */
export type MarkName = "_push_notify" | "_push_notify2" | "_push_notify_web";

/** Sees to it that no stanza is pushed twice to one registration. */
export interface PushedOnce {
	was_pushed(this: void, subject: Subject, username: string, identifier: string): boolean;
	/** Also for a push that was blocked: it was decided on, once. */
	mark(this: void, subject: Subject, username: string, identifier: string): void;
}

type PushedTo = Record<string, boolean | undefined>;

/**
 * A stanza is known by a mark on itself. On its way the server clones it: for the archive, for stream management, into
 * carbon copies. Clones lose the mark, but carry the archive's `<stanza-id/>` (XEP-0359), so what was pushed when it
 * was archived is known by that id too. Anyone can write such an element: only ids that the archive itself reported count.
 */
export function pushed_once(
	module: ModuleApi, prosody: Prosody, cache: CacheLibrary, mark_name: MarkName,
): PushedOnce {
	// Outlives a reload of the module, as the marks on stanzas do.
	const shared = module.shared<{ archived?: Cache<PushedTo> }>("pushed");
	shared.archived ??= cache.new<PushedTo>(remembered_messages);
	const archived = shared.archived;

	/** Clients choose identifiers, and a table on Node has no field `__proto__`. */
	const field = (identifier: string): string => `to ${identifier}`;
	const key = (username: string, archive_id: string): string => `${username}\n${archive_id}`;

	const was_pushed_from_archive = (stanza: Stanza, username: string, identifier: string): boolean => {
		const archive_id = archive_id_of(module, prosody, stanza, username);
		return archive_id !== undefined && archived.get(key(username, archive_id))?.[field(identifier)] === true;
	};

	return {
		was_pushed: ({ stanza }, username, identifier) =>
			stanza[mark_name]?.[field(identifier)] === true || was_pushed_from_archive(stanza, username, identifier),
		mark: ({ stanza, archive_id }, username, identifier) => {
			const pushed = stanza[mark_name] ?? {};
			pushed[field(identifier)] = true;
			stanza[mark_name] = pushed;
			if (archive_id !== undefined) {
				const pushed_to = archived.get(key(username, archive_id)) ?? {};
				pushed_to[field(identifier)] = true;
				archived.set(key(username, archive_id), pushed_to);
			}
		},
	};
}
