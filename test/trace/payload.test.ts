import { createCipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import { compare } from "../../bridge/trace/compare";
import { entryLines } from "../../bridge/trace/lines";
import { generatedIds } from "../../bridge/trace/normalise";
import { parseXml } from "../../bridge/scenario/xml";
import { payloadKeys, withPayloads } from "../../bridge/trace/payload";
import type { Recording } from "../../bridge/trace/compare";
import type { TraceEntry } from "../../bridge/trace/entry";

const KEY = Buffer.from("0123456789abcdef");
const OTHER = Buffer.alloc(16, 7);

/** A push that says this, as `mod_cloud_notify_encrypted` encrypts it. */
function push(text: string, vector: number, key = KEY): TraceEntry {
	const iv = Buffer.alloc(12, vector);
	const cipher = createCipheriv("aes-128-gcm", key, iv);
	const data = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString("base64");
	const xml = "<iq type='set' id='1'><notification xmlns='urn:xmpp:push:0'>"
		+ `<encrypted xmlns='tigase:push:encrypt:0' iv='${iv.toString("base64")}'>${data}</encrypted></notification></iq>`;
	return { at: 0, kind: "stanza", to: "push.localhost", from: "localhost", xml };
}

function payload(entry: TraceEntry, ...keys: Buffer[]): unknown {
	const [read] = withPayloads([entry], keys);
	return read!.kind === "stanza" ? read!.payload : "no stanza";
}

function recording(entry: TraceEntry, key = KEY): Recording {
	const entries = withPayloads([entry], [key]);
	return { entries, ids: generatedIds(entries, new Set(["1"])) };
}

describe("encrypted payloads", () => {
	it("are decrypted with the key that fits", () => {
		expect(payload(push('{"message":"Grüße"}', 1), OTHER, KEY)).toEqual({ message: "Grüße" });
		expect(payload(push('{"message":"Grüße"}', 1), OTHER)).toBe(undefined);
		expect(payload(push('{"message":"Grüße"}', 1))).toBe(undefined);
	});

	it("are text where they are no JSON", () => {
		expect(payload(push("Grüße", 1), KEY)).toBe("Grüße");
	});

	it("are not there where the tag is wrong", () => {
		const forged = push("{}", 1);
		const { xml } = forged as { xml: string };
		const zeros = xml.replace(/>[^<]+<\/encrypted>/, `>${Buffer.alloc(18).toString("base64")}</encrypted>`);
		expect(payload({ ...forged, xml: zeros } as TraceEntry, KEY)).toBe(undefined);
		// The right ciphertext, as mod_cloud_notify_encrypted would write it with luaossl: 16 NUL bytes in place of its tag.
		const untagged = xml.replace(/>([^<]+)<\/encrypted>/, (_, data: string) =>
			`>${Buffer.concat([Buffer.from(data, "base64").subarray(0, -16), Buffer.alloc(16)]).toString("base64")}</encrypted>`);
		expect(untagged).not.toBe(xml);
		expect(payload({ ...forged, xml: untagged } as TraceEntry, KEY)).toBe(undefined);
	});

	it("are none of an entry that holds nothing encrypted", () => {
		const plain: TraceEntry = { at: 0, kind: "stanza", to: "a", from: "b", xml: "<message><body>x</body></message>" };
		const broken: TraceEntry = { ...plain, xml: "<message>" };
		expect(withPayloads([plain, broken], [KEY])).toEqual([plain, broken]);
	});

	it("need the keys that clients send", () => {
		const enable = (key: string): string => "<iq type='set'><enable xmlns='urn:xmpp:push:0'>"
			+ `<encrypt xmlns='tigase:push:encrypt:0' alg='aes-128-gcm'>${key}</encrypt></enable></iq>`;
		const stanzas = [enable(KEY.toString("base64")), enable("AAAA"), "<presence/>"].flatMap((xml) => parseXml(xml));
		expect(payloadKeys(stanzas)).toEqual([KEY]);
	});

	it("are what is compared: not the vector, nor what it makes of them", () => {
		const said = recording(push('{"a":1,"b":2}', 1));
		expect(compare(said, recording(push('{"b":2,"a":1}', 2)), { wire: false })).toEqual([]);
		expect(compare(said, recording(push('{"b":2,"a":3}', 2)), { wire: false })).toHaveLength(1);
		expect(compare(said, recording(push('{"b":2,"a":1}', 2), OTHER), { wire: false })).toHaveLength(1);
	});

	it("are shown below the stanza", () => {
		const [entry] = withPayloads([push('{"unread":1}', 1)], [KEY]);
		expect(entryLines(entry!, (text) => text).slice(-6))
			.toEqual(["</iq>", "{", "  \"payload\": {", "    \"unread\": 1", "  }", "}"]);
	});
});
