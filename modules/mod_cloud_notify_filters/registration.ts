import type { GroupchatRule, ModuleApi, PushRegistration, Require, Stanza } from "../../bridge/api";
import { table_maker } from "../push/tables";
import { loggable_text } from "../push/text/loggable";

export const xmlns_ignore_unknown = "tigase:push:filter:ignore-unknown:0";
export const xmlns_muted = "tigase:push:filter:muted:0";
export const xmlns_groupchat = "tigase:push:filter:groupchat:0";

/** Keeps the filters that `<enable/>` asks for with the registration that it makes. */
export type FilterReader = (this: void, enable: Stanza, push_info: PushRegistration) => void;

export function filter_reader(module: ModuleApi, require: Require): FilterReader {
	const jid = require("util.jid");
	const loggable = loggable_text(require);
	const new_table = table_maker(require);

	/** What a list says of each JID, and of one that is there twice the last. */
	const by_jid = <Value>(list: Stanza, name: string, read: (this: void, item: Stanza) => Value) => {
		const found = new_table<Value>();
		let invalid = 0;
		let first_invalid: string | undefined;
		for (const item of list.childtags(name)) {
			const prepared = jid.prep(item.attr.jid);
			if (prepared !== undefined) {
				found[prepared] = read(item);
			} else {
				if (invalid === 0) first_invalid = item.attr.jid;
				invalid++;
			}
		}
		// One line, however long the list is.
		if (invalid > 0) {
			module.log("warn", "Skipping invalid JIDs in <%s/>: %d, the first of them <%s>",
				list.name, invalid, loggable(first_invalid));
		}
		return found;
	};

	return (enable, push_info) => {
		if (enable.get_child("ignore-unknown", xmlns_ignore_unknown) !== undefined) push_info.filter_unknown = true;

		const muted = enable.get_child("muted", xmlns_muted);
		if (muted !== undefined) push_info.muted_jids = by_jid(muted, "item", () => true);

		const groupchat = enable.get_child("groupchat", xmlns_groupchat);
		if (groupchat !== undefined) {
			push_info.groupchat_rules = by_jid<GroupchatRule>(groupchat, "room", ({ attr }) => {
				return { when: attr.allow, nick: attr.nick };
			});
		}
	};
}
