import type { ModuleApi, Require, Stanza } from "../../bridge/api";
import { is_archive_id, xmlns_stanza_id } from "../push/archived";
import { byte_length } from "../push/text/bytes";
import { chance } from "../push/chance";
import { message_copied_for } from "../push/carbons";
import { encryption_overhead } from "../push/webpush/encryption";
import { stanza_fit } from "./fit";
import { xmlns_client } from "./ranks";

/** What an encrypted payload has at most (RFC 8291, 4), in bytes. */
export const largest_payload = 4096;
/** Leaves room for the archive id of an account with as long a JID as can be. */
export const smallest_payload = 2560;

/** Of XEP-0420 and XEP-0297. */
const before_stanza = "<envelope xmlns='urn:xmpp:sce:1'><content><forwarded xmlns='urn:xmpp:forward:0'>";
const after_stanza = "</forwarded></content>";
const before_padding = "<rpad>";
const after_padding = "</rpad>";
const end = "</envelope>";

/** Characters (XEP-0420, 4.1). */
const longest_padding = 200;

/** Under which id which archive has a stanza. */
export interface Archived {
	id: string;
	/** The account's bare JID. */
	by: string;
}

/** @returns the envelope, as XML */
export type EnvelopeMaker = (this: void, stanza: Stanza, archived?: Archived) => string;

function get_room(module: ModuleApi, max_payload: number): number {
	let size = Math.floor(max_payload);
	if (!(size >= smallest_payload && size <= largest_payload)) {
		size = size < smallest_payload ? smallest_payload : largest_payload;
		module.log("error", "Config option 'push2_max_payload' must be between %d and %d; using %d",
			smallest_payload, largest_payload, size);
	}
	return size - encryption_overhead;
}

/**
 * Puts stanzas into envelopes (XEP-0420), as much of each as a push has room for.
 * @param options `max_payload`: how many bytes an envelope may have when it is encrypted
 */
export function envelope_maker(module: ModuleApi, require: Require, options: { max_payload: number }): EnvelopeMaker {
	const st = require("util.stanza");
	const jid = require("util.jid");
	const random = require("util.random");
	const { base64 } = require("util.encodings");
	const draw = chance(require);
	const fit = stanza_fit(require);

	const size = byte_length(require);
	const room = get_room(module, options.max_payload) - size(before_stanza + after_stanza + end);

	/** Random text of a random length, as far as there is room, so that a message's length does not tell which it is. */
	const padding = (left: number): string => {
		const most = Math.min(left - size(before_padding + after_padding), longest_padding);
		// In base64, where three bytes become four characters.
		const groups = Math.floor(draw() * (Math.floor(most / 4) + 1));
		return groups > 0 ? before_padding + base64.encode(random.bytes(groups * 3)) + after_padding : "";
	};

	/** Leaves of a message's archive ids the one that counts, and returns it. Anyone can write such an element. */
	const keep_archive_id = (message: Stanza, { id, by }: Archived): Stanza => {
		const claims = message.tags.filter((tag) => is_archive_id(tag, by));
		// The server puts its own at the end.
		const last = claims.pop();
		const own = last?.attr.id === id ? last : undefined;
		if (claims.length > 0 || last !== own) {
			message.maptags((tag) => (tag !== own && is_archive_id(tag, by) ? undefined : tag));
		}
		if (own !== undefined) return own;
		const archive_id = st.stanza("stanza-id", { xmlns: xmlns_stanza_id, by, id });
		message.add_direct_child(archive_id);
		return archive_id;
	};

	return (stanza, archived) => {
		const account = archived?.by ?? jid.bare(stanza.attr.to);
		const copy = st.clone(stanza);
		copy.attr.xmlns = xmlns_client;
		const copied = account !== undefined ? message_copied_for(account, copy) : undefined;
		const message = copied ?? copy;
		const archive_id = archived !== undefined ? keep_archive_id(message, archived) : undefined;
		const xml = fit.whole(copy, room)
			?? (copied !== undefined ? fit.whole(copied, room) : undefined)
			?? String(fit.shortened(message, archive_id, room));
		return before_stanza + xml + after_stanza + padding(room - size(xml)) + end;
	};
}
