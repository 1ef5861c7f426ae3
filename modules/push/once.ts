import type { Cache, ModuleApi, Prosody, Require, Stanza } from "../../bridge/api";
import { account_of } from "./account";
import { archive_id_of } from "./archived";
import { message_copied_for } from "./carbons";
import { byte_length } from "./text/bytes";

/** How many messages are remembered, of those archived and of those delivered; one is forgotten when as many have been pushed after it. */
const remembered_messages = 1000;

/** In bytes, of the identifier of a registration. */
const longest_field = 200;

/** What a push is about. */
export interface Subject {
	stanza: Stanza;
	/** Its id in the archive, where the stanza itself does not carry it. */
	archive_id?: string;
	/** Whether the stanza is about to be delivered to sessions, or may be a clone of one that was, from a session's queue. */
	stage?: "delivered" | "queued";
}

/** The field of a stanza that says to which registrations it was pushed, one for each module. */
export type MarkName = "_push_notify" | "_push_notify2" | "_push_notify_web";

/** Sees to it that no stanza is pushed twice to one registration. */
export interface PushedOnce {
	was_pushed(this: void, subject: Subject, username: string, identifier: string): boolean;
	/** Also for a push that was blocked: it was decided on, once. */
	mark(this: void, subject: Subject, username: string, identifier: string): void;
	/** To be called for what comes in, if anything is ever pushed as it is delivered: it is new, though it may look like one before. */
	is_new(this: void, stanza: Stanza, username: string): void;
}

type PushedTo = Record<string, boolean | undefined>;

/**
 * A stanza is known by a mark on itself. On its way the server clones it: for the archive, for stream management, into
 * carbon copies. Clones lose the mark, but carry the archive's `<stanza-id/>` (XEP-0359), so what was pushed when it
 * was archived is known by that id too. Anyone can write such an element: only ids that the archive itself reported count.
 * What was pushed as it was delivered, and is in no archive, is known in queues by its sender, the id it was sent with and its text.
 */
export function pushed_once(module: ModuleApi, prosody: Prosody, require: Require, mark_name: MarkName): PushedOnce {
	const cache = require("util.cache");
	const { sha256 } = require("util.hashes");
	const length = byte_length(require);
	// Outlives a reload of the module, as the marks on stanzas do.
	const shared = module.shared<{ archived?: Cache<PushedTo>; delivered?: Cache<PushedTo> }>("pushed");
	shared.archived ??= cache.new<PushedTo>(remembered_messages);
	shared.delivered ??= cache.new<PushedTo>(remembered_messages);
	const { archived, delivered } = shared;

	/** Clients choose identifiers, and a table on Node has no field `__proto__`. What is long is not kept a thousand times. */
	const field = (identifier: string): string =>
		`to ${length(identifier) > longest_field ? sha256(identifier, true) : identifier}`;
	const key = (username: string, id: string): string => `${username}\n${id}`;

	/** What there is in a message, or in the one that it is a copy of, to know it by. The sender chooses all of it. */
	const looks_of = (stanza: Stanza, username: string): string => {
		const message = message_copied_for(account_of(module, username), stanza) ?? stanza;
		const { from, id } = message.attr;
		return sha256(`${from ?? ""}\n${id ?? ""}\n${message.get_child_text("body") ?? ""}`, true);
	};

	const is_remembered = (memory: Cache<PushedTo>, username: string, id: string | undefined, identifier: string): boolean =>
		id !== undefined && memory.get(key(username, id))?.[field(identifier)] === true;

	const remember = (memory: Cache<PushedTo>, username: string, id: string, identifier: string): void => {
		const pushed_to = memory.get(key(username, id)) ?? {};
		pushed_to[field(identifier)] = true;
		memory.set(key(username, id), pushed_to);
	};

	const mark_stanza = (stanza: Stanza, identifier: string): void => {
		const pushed = stanza[mark_name] ?? {};
		pushed[field(identifier)] = true;
		stanza[mark_name] = pushed;
	};

	return {
		was_pushed: ({ stanza, stage }, username, identifier) => {
			if (stanza[mark_name]?.[field(identifier)] === true) return true;
			const archive_id = archive_id_of(module, prosody, stanza, username);
			if (archive_id !== undefined) return is_remembered(archived, username, archive_id, identifier);
			// Most accounts are never pushed to as something is delivered.
			return stage === "queued" && delivered.count() > 0
				&& is_remembered(delivered, username, looks_of(stanza, username), identifier);
		},
		mark: ({ stanza, archive_id, stage }, username, identifier) => {
			mark_stanza(stanza, identifier);
			if (archive_id !== undefined) {
				remember(archived, username, archive_id, identifier);
			} else if (stage === "delivered") {
				remember(delivered, username, looks_of(stanza, username), identifier);
			}
		},
		is_new: (stanza, username) => {
			if (delivered.count() > 0) delivered.set(key(username, looks_of(stanza, username)), undefined);
		},
	};
}
