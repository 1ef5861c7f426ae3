import type { Require } from "../../bridge/api";
import { base64url } from "./base64url";

/** As many as become 32 characters of base64, the most that a topic has (RFC 8030, 5.4). */
const topic_bytes = 24;

/**
 * Names what a push says. A push replaces the one of its topic that its client has not got yet.
 * @param parts all that must be the same for that; no line breaks in any but the last
 */
export type TopicMaker = (this: void, parts: readonly string[]) => string;

/**
 * Makes topics (RFC 8030, 5.4), which push services see. They cannot tell from them what they stand for, nor whether
 * two clients are told the same.
 * @param secret what nobody else knows, such as the server's private key
 */
export function topic_maker(require: Require, secret: string): TopicMaker {
	const { hkdf_hmac_sha256: hkdf, sha256 } = require("util.hashes");
	const { base64 } = require("util.encodings");
	return (parts) => {
		const topic = hkdf(topic_bytes, secret, undefined, `Web Push topic\u0000${sha256(parts.join("\n"))}`);
		return base64url(base64.encode(topic));
	};
}
