import type { Require, Stanza } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";
import { text_beginning } from "../push/text/cut";
import { rank_of, xmlns_client, type Rank } from "./ranks";

/** How deep an element that says what kind of message it is may lose what is in it. */
const kind_depth = 2;
/** Bytes of an attribute that is no JID: a longer one tells nothing. */
const longest_value = 256;
const ellipsis = "…";
/** Bytes of `<a/>`, and there is no smaller element. */
const smallest_element = 4;
/** Stanzas keep no prefixes, and no element can say without one that it is in XML's own namespace. */
const unwritable = "='http://www.w3.org/XML/1998/namespace'";

/** Makes stanzas as small as they have to be. */
export interface Fit {
	/** The stanza as XML if it takes at most so many bytes, and is something that can be written. */
	whole(this: void, stanza: Stanza, room: number): string | undefined;
	/**
	 * As much of a stanza as there is room for, what matters most first.
	 * @param stanza loses its elements to the one returned
	 * @param archive_id a child of it that is left out last
	 * @param room in bytes, as XML
	 */
	shortened(this: void, stanza: Stanza, archive_id: Stanza | undefined, room: number): Stanza;
}

export function stanza_fit(require: Require): Fit {
	const st = require("util.stanza");
	const jid = require("util.jid");
	const beginning = text_beginning(require);

	const size = byte_length(require);
	const escaped_size = (text: string): number => size(st.xml_escape(text));
	/** Of an element with nothing in it, but as if there were. */
	const empty_size = (element: Stanza): number => size(String(st.clone(element, true).text("x"))) - 1;

	const whole = (stanza: Stanza, room: number): string | undefined => {
		if (room < smallest_element) return undefined;
		const xml = String(stanza);
		return size(xml) <= room && !xml.includes(unwritable) ? xml : undefined;
	};

	/** As much of an element as there is room for, of its children too unless they are too deep. */
	const reduced = (element: Stanza, room: number, depth: number): Stanza | undefined => {
		if (whole(element, room) !== undefined) return element;
		if (depth === 0 || room < smallest_element) return undefined;
		const kept = st.clone(element, true);
		let left = room - empty_size(kept);
		if (left < 0 || whole(kept, room) === undefined) return undefined;
		for (const tag of element.tags) {
			const child = reduced(tag, left, depth - 1);
			if (child === undefined) continue;
			left -= size(String(child));
			kept.add_direct_child(child);
		}
		return kept;
	};

	/** A body cut short, to all the room there is. */
	const cut_body = (body: Stanza, room: number): Stanza | undefined => {
		const text = body.get_text();
		if (text === undefined) return undefined;
		const language = body.attr["xml:lang"];
		const cut = st.stanza("body", {
			"xml:lang": language !== undefined && size(language) <= longest_value ? language : undefined,
		});
		const left = room - empty_size(cut) - size(ellipsis);
		return left < 0 ? undefined : cut.text(beginning(text, left, escaped_size)).text(ellipsis);
	};

	return {
		whole,
		shortened(stanza, archive_id, room) {
			const kept = st.stanza(stanza.name, { xmlns: xmlns_client });
			let left = room - empty_size(kept);
			/** What is kept of which child. */
			const replacements = new Map<Stanza, Stanza>();

			const take = (tag: Stanza, replacement: Stanza | undefined): boolean => {
				if (replacement === undefined) return false;
				left -= size(String(replacement));
				replacements.set(tag, replacement);
				return true;
			};
			const take_whole = (tag: Stanza): boolean => take(tag, whole(tag, left) !== undefined ? tag : undefined);
			const take_attribute = (name: string, value: string | undefined): boolean => {
				if (value === undefined) return false;
				const needed = size(` ${name}='${st.xml_escape(value)}'`);
				if (needed > left) return false;
				left -= needed;
				kept.attr[name] = value;
				return true;
			};
			const take_short_attribute = (name: string): void => {
				const value = stanza.attr[name];
				if (value !== undefined && size(value) <= longest_value) take_attribute(name, value);
			};

			const ranked: Record<Rank, Stanza[]> = { kind: [], encryption: [], body: [], detail: [], extra: [] };
			for (const tag of stanza.tags) {
				// In the stanza it goes without saying.
				if (tag.attr.xmlns === xmlns_client) tag.attr.xmlns = undefined;
				const rank = rank_of(tag);
				// Of the same text in several languages the first has to do.
				if (rank === "body" && ranked.body.length > 0) ranked.extra.push(tag);
				else if (tag !== archive_id) ranked[rank].push(tag);
			}

			if (archive_id !== undefined) take_whole(archive_id);
			take_short_attribute("type");
			if (!take_attribute("from", stanza.attr.from)) take_attribute("from", jid.bare(stanza.attr.from));
			for (const tag of ranked.kind) take(tag, reduced(tag, left, kind_depth));
			for (const tag of ranked.encryption) take_whole(tag);
			for (const tag of ranked.body) if (!take_whole(tag)) take(tag, cut_body(tag, left));
			for (const tag of ranked.detail) take_whole(tag);
			take_short_attribute("id");
			take_attribute("to", stanza.attr.to);
			take_short_attribute("xml:lang");
			for (const tag of ranked.extra) take_whole(tag);

			for (const tag of stanza.tags) {
				const replacement = replacements.get(tag);
				if (replacement !== undefined) kept.add_direct_child(replacement);
			}
			return kept;
		},
	};
}
