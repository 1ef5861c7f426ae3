import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { mixtures } from "../../bridge/fuzz/mixtures";
import { parseElements } from "../../bridge/fuzz/elements";
import { printXml } from "../../bridge/scenario/xml-print";

const requests = parseElements(`
	<iq type="set" id="a"><enable xmlns="urn:example" jid="x"/></iq>
	<iq type="set" id="b"><enable xmlns="urn:example" away="true"><mute xmlns="urn:example:mute"/></enable></iq>
	<iq type="set" id="c"><enable xmlns="urn:example"><key>1</key></enable></iq>
	<iq type="set" id="d"><enable xmlns="urn:example"><key>2</key></enable></iq>
	<iq type="set" id="e"><enable xmlns="urn:other" secret="yes"/></iq>
	<message id="f"><enable xmlns="urn:example" by="message"/></message>
`);
const mix = mixtures(requests);

function mixed(index: number): string[] {
	return fc.sample(mix(requests[index]!), { numRuns: 400, seed: 1 }).map((stanza) => printXml(stanza));
}

describe("a mixture of requests", () => {
	it("holds any of what others of its kind hold, each once, beside what it holds itself", () => {
		const parts = [/ away="true"/, /<mute xmlns="urn:example:mute"\/>/, /<key>[12]<\/key>/];
		const combinations = mixed(0).map((text) => {
			expect(text).toMatch(/^<iq type="set" id="a"><enable xmlns="urn:example" jid="x"/);
			return parts.map((part) => text.match(new RegExp(part, "g"))?.length ?? 0).join("");
		});
		expect(new Set(combinations)).toEqual(new Set(["000", "001", "010", "011", "100", "101", "110", "111"]));
		expect(new Set(mixed(0).flatMap((text) => /<key>.<\/key>/.exec(text) ?? []))).toEqual(new Set(["<key>1</key>", "<key>2</key>"]));
		expect(mixed(2).every((text) => text.includes("<key>1</key>") && !text.includes("<key>2</key>"))).toBe(true);
	});

	it("is the request itself often enough, and where there is nothing of its kind", () => {
		expect(mixed(0).filter((text) => text === printXml(requests[0]!)).length).toBeGreaterThan(100);
		for (const alone of [4, 5]) expect(new Set(mixed(alone))).toEqual(new Set([printXml(requests[alone]!)]));
	});

	it("leaves the requests as they were", () => {
		const before = requests.map((stanza) => printXml(stanza));
		mixed(1);
		expect(requests.map((stanza) => printXml(stanza))).toEqual(before);
	});
});
