import type { Require } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";
import { text_beginning } from "../push/text/cut";
import type { Payload } from "./payload";

/** Bytes of JSON that any client can be sent: Apple's service takes 4,096 in all, which base64 and the rest are part of. */
export const largest_payload = 3000;

/**
 * The least that counts as a `max-size`: there is room in it for a type, a usual sender, and the id of a call. Apple's service
 * took as much at first, and more since.
 */
export const smallest_max_size = 256;

/** Of a ciphertext. */
const tag_bytes = 16;
/** Bytes around a text in JSON. */
const quotes = 2;

/**
 * How many bytes of JSON there is room for.
 * @param max_size the bytes that they may be when they are encrypted, in base64; no limit if it is no number
 */
export function room_for_payload(max_size: unknown): number {
	if (typeof max_size !== "number") return largest_payload;
	// Of each three bytes base64 makes four characters.
	const room = Math.floor(Math.max(max_size, smallest_max_size) / 4) * 3 - tag_bytes;
	return room < largest_payload ? room : largest_payload;
}

/**
 * Writes a payload as JSON.
 * @param room in bytes, as `room_for_payload` has it
 */
export type PayloadWriter = (this: void, payload: Payload, room: number) => string;

/** Writes as much of a payload as there is room for. What is needed most comes first: senders may make all of it long. */
export function payload_writer(require: Require): PayloadWriter {
	const jid = require("util.jid");
	const json = require("util.json");
	const size = byte_length(require);
	const beginning = text_beginning(require);

	const encoded_size = (text: string): number => size(json.encode(text)) - quotes;

	return ({ unread, sender, type, sid, media, nickname, message }, room) => {
		let members = `"unread":${json.encode(unread)}`;
		let left = room - size(`{${members}}`);

		/** @returns false if there is no room */
		const add = (name: string, encoded: string): boolean => {
			const member = `,"${name}":${encoded}`;
			const needed = size(member);
			if (needed > left) return false;
			members += member;
			left -= needed;
			return true;
		};
		const add_text = (name: string, text: string | undefined): boolean =>
			text !== undefined && add(name, json.encode(text));

		add_text("type", type);
		// Half of it is better than none, without which there is nothing to show.
		if (!add_text("sender", sender)) add_text("sender", jid.bare(sender));
		add_text("sid", sid);
		if (media !== undefined) {
			let list = "";
			let left_for_media = left - size(",\"media\":[]");
			for (const medium of media) {
				const item = (list !== "" ? "," : "") + json.encode(medium);
				const needed = size(item);
				if (needed > left_for_media) continue;
				list += item;
				left_for_media -= needed;
			}
			add("media", `[${list}]`);
		}
		add_text("nickname", nickname);
		if (message !== undefined && !add_text("message", message)) {
			const cut = beginning(message, left - size(",\"message\":\"\""), encoded_size);
			if (cut !== "") add_text("message", cut);
		}
		return `{${members}}`;
	};
}
