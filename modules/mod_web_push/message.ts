import type { ModuleApi, Require, Stanza } from "../../bridge/api";
import { account_of } from "../push/account";
import { has_child, has_text, is_encryption } from "../push/content";
import { is_important, urgency } from "../push/importance";
import type { SummaryOptions } from "../push/summary-options";
import { byte_length } from "../push/text/bytes";
import { text_beginning } from "../push/text/cut";
import { unwrapped } from "../push/unwrapped";
import { encryption_overhead } from "../push/webpush/encryption";
import { topic_maker } from "./topic";

/** What every push service takes of an encrypted payload (RFC 8030, 7.2), in bytes. */
export const largest_push = 4096;
/** Leaves room for a sender and some words. */
export const smallest_push = 1024;

/** Seconds for which a push may be kept: services keep none for longer than four weeks. */
export const longest_ttl = 28 * 24 * 3600;
/** Seconds after which nobody waits any more for a call to be answered. */
const call_ttl = 60;
const ellipsis = "…";
/** Bytes around a text in JSON. */
const quotes = 2;

/** One push, as it is to reach one client. */
export interface WebPushMessage {
	/** RFC 8030, 5.3. */
	urgency: "high" | "normal" | "low";
	/** Whole seconds for which the push service is to keep it (RFC 8030, 5.2). */
	ttl: number;
	/** Of what it replaces where its client has not got that yet; nil where it says what no other push says. */
	topic?: string;
	/** JSON. */
	payload: string;
	/** The same without the body, for a push service that finds it too large; nil if there is no body. */
	smaller_payload?: string;
}

export interface MessageOptions extends SummaryOptions {
	/** `web_push_max_payload`: bytes that a payload may have when it is encrypted, from `smallest_push` to `largest_push`. */
	max_payload: number;
	/** `web_push_ttl`: seconds, at most `longest_ttl`. */
	ttl: number;
	/** For topics: what nobody else knows. */
	secret: string;
}

/**
 * @param identifier of the registration that it is for
 * @param stanza what the push is about; nil for a ping
 */
export type MessageMaker = (
	this: void, username: string, identifier: string, stanza: Stanza | undefined,
) => WebPushMessage;

/** The text of a message, which its sender meant to be read: what stands beside encryption says only that there is some. */
function readable_text(stanza: Stanza): string | undefined {
	if (stanza.name !== "message" || has_child(stanza, is_encryption) || !has_text(stanza)) return undefined;
	return stanza.get_child_text("body");
}

/**
 * Makes what service workers get: the members of XEP-0357's summary as JSON, as much of them as there is room for.
 * What is important and what may be told is as in `mod_cloud_notify`.
 */
export function message_maker(module: ModuleApi, require: Require, options: MessageOptions): MessageMaker {
	const { with_body, with_sender, important_body } = options;
	const jid = require("util.jid");
	const json = require("util.json");
	const size = byte_length(require);
	const beginning = text_beginning(require);
	const make_topic = topic_maker(require, options.secret);

	const ttl = Math.floor(options.ttl);
	const room = Math.floor(options.max_payload) - encryption_overhead;
	/** A sender with as long a name as can be is not worth all of the text. */
	const room_for_sender = Math.floor(room / 2);

	const encoded_size = (text: string): number => size(json.encode(text)) - quotes;

	/** A member of an object, of which it is not the first. The object's text would have its members in any order. */
	const member = (name: string, text: string): string => `,"${name}":${json.encode(text)}`;
	const empty_size = (name: string): number => size(member(name, ""));

	const sender_member = ({ attr }: Stanza): string => {
		const sender = jid.bare(attr.from);
		if (sender === undefined) return "";
		const written = member("last-message-sender", sender);
		return size(written) <= room_for_sender ? written : "";
	};

	/** @param left bytes */
	const body_member = (body: string, left: number): string => {
		const name = "last-message-body";
		const most = left - empty_size(name);
		// A body may be a hundred times too long: that is seen before it is encoded.
		if (size(body) <= most && encoded_size(body) <= most) return member(name, body);
		return member(name, beginning(body, most - size(ellipsis), encoded_size) + ellipsis);
	};

	return (username, identifier, stanza) => {
		const message = stanza !== undefined ? unwrapped(stanza, account_of(module, username)) : undefined;
		const is_call = message !== undefined && urgency(message) !== undefined;
		const important = stanza !== undefined && is_important(stanza);
		const text = with_body && message !== undefined ? readable_text(message) : undefined;
		const body = text ?? (important && important_body !== "" ? important_body : undefined);

		const without_body = "{\"message-count\":1" + (with_sender && message !== undefined ? sender_member(message) : "");
		const smaller_payload = without_body + "}";
		const payload = body !== undefined
			? without_body + body_member(body, room - size(smaller_payload)) + "}"
			: smaller_payload;

		const level = is_call || important ? "high" : stanza !== undefined ? "normal" : "low";
		// Only a push that says the same takes another's place: nothing important goes for something unimportant, and no
		// text at all. Nor is it told of one account instead of another, which may share an endpoint.
		const is_repeatable = !is_call && text === undefined;
		return {
			urgency: level,
			ttl: is_call ? Math.min(call_ttl, ttl) : ttl,
			topic: is_repeatable ? make_topic([username, identifier, level, payload]) : undefined,
			payload,
			smaller_payload: body !== undefined ? smaller_payload : undefined,
		};
	};
}
