import type { Push2Filter, Push2Match, Require, Stanza } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";
import { table_maker } from "../push/tables";
import { control_finder } from "../push/text/characters";
import { number_reader } from "../push/text/number";
import { malformed, no_jid, type Reading } from "./refusal";

/** Bytes of a JID (RFC 7622, 3.1). */
export const longest_jid = 3071;
/** Seconds: of whom was active a day ago nobody says that they are busy elsewhere. */
const longest_grace = 24 * 3600;
/** Of a number of seconds: as many as the longest has. */
const most_digits = 5;

/** What a `<match/>` says of the stanzas that are pushed. */
export type MatchRules = Pick<Push2Match, "match" | "chats" | "grace">;

/** Reads `<filter/>` and `<grace/>` of a `<match/>` of this profile. */
export type MatchReader = (this: void, match: Stanza, profile: string) => Reading<MatchRules>;

export function match_reader(require: Require): MatchReader {
	const jid = require("util.jid");
	const length = byte_length(require);
	const has_controls = control_finder(require);
	const read_number = number_reader(require);
	const new_table = table_maker(require);

	const read_chats = (match: Stanza): Reading<Record<string, Push2Filter | undefined>> => {
		const chats = new_table<Push2Filter>();
		for (const filter of match.childtags("filter")) {
			const given = filter.attr.jid;
			if (given === undefined) return { refusal: malformed("filter without a jid") };
			// Stanzas come from prepared JIDs.
			const chat = length(given) <= longest_jid && !has_controls(given) ? jid.prep(given) : undefined;
			if (chat === undefined) return { refusal: no_jid("filter whose jid is none") };
			if (chats[chat] !== undefined) return { refusal: malformed("Two filter elements for one jid") };
			chats[chat] = {
				mention: filter.get_child("mention") !== undefined ? true : undefined,
				reply: filter.get_child("reply") !== undefined ? true : undefined,
			};
		}
		return { value: chats };
	};

	return (match, profile) => {
		const chats = read_chats(match);
		if (chats.refusal !== undefined) return chats;
		if (match.get_child("grace") === undefined) return { value: { match: profile, chats: chats.value } };
		const grace = read_number(match.get_child_text("grace"), most_digits);
		if (grace === undefined || grace > longest_grace) {
			return { refusal: malformed("grace is not a whole number of seconds up to 86400") };
		}
		return { value: { match: profile, chats: chats.value, grace } };
	};
}
