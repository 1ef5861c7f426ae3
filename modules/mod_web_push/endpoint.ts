import type { ModuleApi, Require } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";
import { allowed_services, without_default_port } from "./allowed";
import { fold_authority, read_host_name } from "./host-name";
import type { Reading } from "./reading";

/** Bytes of an endpoint: several times what services give out. */
const longest_endpoint = 2048;

/** Endpoints that need not be read again: a push reads its own twice. One takes some 500 bytes, and 5 KB at most. */
const remembered_endpoints = 5000;

/** What a URL may consist of (RFC 3986), without a fragment. */
const url_characters = new Map<string, boolean>();
const letters_and_digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
for (const character of `${letters_and_digits}-._~!$&'()*+,;=:@%/?[]`.split("")) url_characters.set(character, true);

/** What is below these is nobody's in the public DNS (RFC 6761, 6762, 7686, 8375, 9476 and ICANN's `internal`), or infrastructure. */
const private_domains: readonly string[] = [
	"alt", "arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost",
	"onion", "private",
];

/** Where a push service takes what is for one subscription (RFC 8030, 5). */
export interface Endpoint {
	/** To be requested: as the client wrote it, its scheme and host in lower case. A secret: who has it can push. */
	url: string;
	/** Its origin (RFC 6454), such as `https://push.example.com`: may be logged. */
	service: string;
	/** It is of one of `web_push_internal_services`: its address may be any. */
	is_internal: boolean;
}

export type EndpointReader = (this: void, text: string) => Reading<Endpoint>;

/**
 * Reads endpoints as clients write them. All that two readers of URLs could understand in different ways is refused, so
 * that the host that is looked at here is the one that a request goes to.
 */
export function endpoint_reader(module: ModuleApi, require: Require): EndpointReader {
	const length = byte_length(require);
	const allowed = allowed_services(module);
	const endpoints = require("util.cache").new<Endpoint>(remembered_endpoints);

	/** What is wrong with the host and port of a service that is not an internal one. */
	const refuse_authority = (authority: string): string | undefined => {
		const [host_text = "", port, ...others] = authority.split(":");
		if (private_domains.some((domain) => `.${host_text}`.endsWith(`.${domain}`))) return "The endpoint's host is not public";
		const host = read_host_name(host_text);
		if (host === undefined || others.length > 0) return "The endpoint's host is no domain name";
		if (!allowed.has_port(port)) return "The endpoint's port is not allowed";
		if (!allowed.has_host(host)) return "The endpoint's push service is not allowed";
		return undefined;
	};

	const refuse = (text: string): string | undefined => {
		if (length(text) > longest_endpoint) return "The endpoint is too long, or no text";
		if (text.includes("#")) return "The endpoint has a fragment";
		if (text.split("").some((character) => !url_characters.has(character))) {
			return "The endpoint has a character that no URL has";
		}
		const [scheme = "", nothing, authority, ...path] = text.split("/");
		if (fold_authority(scheme) !== "https:" || nothing !== "" || authority === undefined) {
			return "The endpoint does not begin with https://";
		}
		if (authority.includes("@")) return "The endpoint has user info";
		if (path.length === 0) return "The endpoint has no path";
		const [before_query = ""] = path.join("/").split("?");
		// 13.0's net.http would request what is before it.
		if (before_query.includes(";")) return "The endpoint has a semicolon in its path";
		const folded = fold_authority(authority);
		return allowed.has_internal(folded) ? undefined : refuse_authority(folded);
	};

	return (text) => {
		const remembered = endpoints.get(text);
		if (remembered !== undefined) return { value: remembered };
		const refusal = refuse(text);
		if (refusal !== undefined) return { refusal };
		const [, , authority = "", ...path] = text.split("/");
		const folded = fold_authority(authority);
		const service = `https://${without_default_port(folded)}`;
		const value = { url: [service, ...path].join("/"), service, is_internal: allowed.has_internal(folded) };
		endpoints.set(text, value);
		return { value };
	};
}
