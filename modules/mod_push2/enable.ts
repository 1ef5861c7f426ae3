import type { CryptoLibrary, Push2Match, Push2Registration, Require, Stanza } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";
import { control_finder } from "../push/text/characters";
import { encrypted_send_reader, type EncryptedSend } from "./encrypted-send";
import { longest_jid, match_reader } from "./match";
import { send_encrypted, type Profiles } from "./profiles";
import { malformed, no_jid, not_here, too_much, type Reading, type Refusal } from "./refusal";

/** Bytes of `<client/>`, which is in every notification. It is often a URL, and none is longer that works everywhere. */
const longest_client = 2048;
/** `<match/>` elements, known or not: several times as many as there are profiles. */
const most_matches = 16;
/** `<send/>` elements in all. Keys may be in each, which take a while to check. */
const most_sends = 16;

/** `<filter/>` elements in all: more chats than a client that mutes one by one will have. */
const most_filters = 1000;

/** Reads `<enable/>`, of a session with this full JID. */
export type EnableReader = (this: void, enable: Stanza, full_jid: string) => Reading<Push2Registration>;

/** @param crypto nil where there is none: then nothing can be sent encrypted */
export function enable_reader(require: Require, crypto: CryptoLibrary | undefined, profiles: Profiles): EnableReader {
	const jid = require("util.jid");
	const time = require("util.time");
	const length = byte_length(require);
	const has_controls = control_finder(require);
	const read_match = match_reader(require);
	const encrypted = crypto !== undefined ? encrypted_send_reader(require, crypto) : undefined;

	const read_service = (enable: Stanza, full_jid: string): Reading<string> => {
		const given = enable.get_child_text("service");
		if (given === undefined) return { refusal: malformed("Missing service") };
		// Errors will come from the prepared JID.
		const service = length(given) <= longest_jid && !has_controls(given) ? jid.prep(given) : undefined;
		if (service === undefined) return { refusal: no_jid("service is not a JID") };
		if (service === full_jid || service === jid.bare(full_jid)) {
			return { refusal: malformed("JID must be different from ours") };
		}
		return { value: service };
	};

	const read_client = (enable: Stanza): Reading<string> => {
		const client = enable.get_child_text("client");
		if (client === undefined || client === "") return { refusal: malformed("Missing client") };
		if (length(client) > longest_client) return { refusal: too_much("client of more than 2048 bytes") };
		if (has_controls(client)) return { refusal: malformed("Control characters in client") };
		return { value: client };
	};

	/** The elements of a name, whatever their namespace is: that of a `<send/>` is its profile. */
	const children_of = (match: Stanza, child: string): readonly Stanza[] => match.tags.filter(({ name }) => name === child);

	const count_elements = (enable: Stanza): Refusal | undefined => {
		let matches = 0;
		let sends = 0;
		let filters = 0;
		for (const match of enable.childtags("match")) {
			matches++;
			if (matches > most_matches) return too_much("More than 16 match elements");
			sends += children_of(match, "send").length;
			if (sends > most_sends) return too_much("More than 16 send elements");
			filters += children_of(match, "filter").length;
			if (filters > most_filters) return too_much("More than 1000 filter elements");
		}
		return undefined;
	};

	/** A known send profile of a match, with all but its keys read. */
	const read_send = (send: Stanza): Reading<EncryptedSend> =>
		encrypted !== undefined && send.attr.xmlns === send_encrypted ? encrypted.read(send) : { value: {} };

	/** The matches that can be used, each with one send profile. What is unknown is passed over. */
	const read_matches = (enable: Stanza): Reading<Push2Match[]> => {
		const matches: Push2Match[] = [];
		for (const match of enable.childtags("match")) {
			const { profile } = match.attr;
			if (profile === undefined) return { refusal: malformed("match without a profile") };
			if (!profiles.matches().includes(profile)) continue;
			const known = children_of(match, "send").filter((send) => profiles.sends.includes(send.attr.xmlns ?? ""));
			const read: string[] = [];
			for (const send of known) {
				const send_profile = send.attr.xmlns!;
				if (read.includes(send_profile)) return { refusal: malformed("send of one profile twice in a match") };
				read.push(send_profile);
				// Anew for each, since a store takes no table twice.
				const rules = read_match(match, profile);
				if (rules.refusal !== undefined) return rules;
				const sending = read_send(send);
				if (sending.refusal !== undefined) return sending;
				matches.push({ ...rules.value, send: send_profile, ...sending.value });
			}
		}
		if (matches.length > 0) return { value: matches };
		return { refusal: not_here("No usable match. Here, match profiles are "
			+ `${profiles.matches().join(", ")}; send profiles are ${profiles.sends.join(", ")}`) };
	};

	// What is cheap comes first, so that a request that is refused for it costs no more than to read it.
	return (enable, full_jid) => {
		const refusal = count_elements(enable);
		if (refusal !== undefined) return { refusal };
		const service = read_service(enable, full_jid);
		if (service.refusal !== undefined) return service;
		const client = read_client(enable);
		if (client.refusal !== undefined) return client;
		const matches = read_matches(enable);
		if (matches.refusal !== undefined) return matches;
		for (const match of matches.value) {
			const wrong = match.send === send_encrypted ? encrypted?.check_keys(match) : undefined;
			if (wrong !== undefined) return { refusal: wrong };
		}
		return {
			value: {
				service: service.value,
				client: client.value,
				timestamp: Math.floor(time.now()),
				matches: matches.value,
			},
		};
	};
}
