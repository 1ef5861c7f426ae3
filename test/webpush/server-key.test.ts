import { describe, expect, it } from "vitest";
import { publishedKeys, readServerKey } from "../../bridge/webpush/server-key";
import { SERVER_KEYS } from "./requests";
import type { TraceEntry } from "../../bridge/trace/entry";

function reply(inside: string): TraceEntry {
	return { at: 0, kind: "reply", to: "Romeo", xml: `<iq type="result"><query xmlns="http://jabber.org/protocol/disco#info">${inside}</query></iq>` };
}

function form(type: string, key: string): string {
	return `<x xmlns="jabber:x:data" type="result"><field var="FORM_TYPE" type="hidden"><value>${type}</value></field>`
		+ `<field var="webpush#public-key"><value>${key}</value></field></x>`;
}

describe("published keys", () => {
	const TYPE = "http://jabber.org/protocol/webpush#public-key";

	it("stand in the form of an account", () => {
		expect(publishedKeys([reply(form(TYPE, "one")), reply(form(TYPE, "two"))])).toEqual(["one", "two"]);
	});

	it("stand nowhere else", () => {
		const entries: TraceEntry[] = [
			reply(form("urn:other", "one")), reply("webpush#public-key"), { at: 0, kind: "reply", to: "Romeo", xml: "webpush#public-key" },
			{ ...reply(form(TYPE, "one")), kind: "stanza", from: "localhost" } as TraceEntry,
		];
		expect(publishedKeys(entries)).toEqual([]);
	});
});

describe("a server's key", () => {
	it("is an uncompressed point in base64url", () => {
		expect(readServerKey(SERVER_KEYS.publicKey)?.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
	});

	it.each([
		["base64", Buffer.from(SERVER_KEYS.publicKey, "base64url").toString("base64")],
		["SPKI", "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEhxZpb8yIVc_2hNesGLGAxEakyYy0MqEetjgL7BIOm8ybhVKxapKqNXjXJ-NOO5_b0Z0UuBg_HynGnf0xKKNhBQ"],
		["a compressed point", Buffer.concat([Buffer.from([2]), Buffer.from(SERVER_KEYS.publicKey, "base64url").subarray(1, 33)]).toString("base64url")],
		["a point in another form", Buffer.concat([Buffer.from([6]), Buffer.from(SERVER_KEYS.publicKey, "base64url").subarray(1)]).toString("base64url")],
		["a point beside the curve", Buffer.alloc(65, 4).toString("base64url")],
		["nothing", ""],
	])("is not %s", (_, text) => {
		expect(readServerKey(text)).toBeUndefined();
	});
});
