import type { Require } from "../../bridge/api";
import { base64url } from "./base64url";

/** Names a registration after its endpoint, and does not tell the endpoint. */
export type EndpointIdentifier = (this: void, endpoint: string) => string;

export function endpoint_identifier(require: Require): EndpointIdentifier {
	const { sha256 } = require("util.hashes");
	const { base64 } = require("util.encodings");
	return (endpoint) => base64url(base64.encode(sha256(endpoint)));
}

const shown_characters = 8;

/** What of an identifier is enough to know it by in a log. */
export function short_identifier(identifier: string): string {
	return identifier.split("").slice(0, shown_characters).join("");
}
