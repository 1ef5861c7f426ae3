import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { miss, misses, type Miss } from "../../bridge/fuzz/near-misses";
import { parseXml } from "../../bridge/scenario/xml";
import { printXml } from "../../bridge/scenario/xml-print";
import { webPushWords, words } from "./material";

const text = "<iq type=\"set\" id=\"e1\">"
	+ "<enable xmlns=\"urn:xmpp:push:0\" jid=\"{service/0}\" node=\"n1\"><x>1</x></enable></iq>";
const stanza = parseXml(text)[0]!;

function changed(how: Miss["how"], at: number, which = 0, word = 0): string {
	return printXml(miss(stanza, [{ how, at, which, word }], words));
}

describe("a near miss", () => {
	it.each<[Miss["how"], number, string]>([
		["leaves an attribute out", 1, "<enable xmlns=\"urn:xmpp:push:0\" node=\"n1\">"],
		["takes a value from elsewhere", 1, "jid=\"{account}\" node=\"n1\""],
		["has another type", 0, "<iq type=\"get\""],
		["goes elsewhere", 0, "to=\"{account}\""],
		["has a name that is off", 1, "<eenable "],
		["has a namespace that is off", 1, "xmlns=\"uurn:xmpp:push:0\""],
		["lacks a child", 0, "<iq type=\"set\" id=\"e1\"/>"],
		["has a child twice", 1, "<x>1</x><x>1</x></enable>"],
		["holds a child of its child", 0, "node=\"n1\"/><x>1</x></iq>"],
		["is empty", 2, "<x/>"],
		["has a text that is off", 2, "<x>11</x>"],
	])("%s", (how, at, part) => {
		expect(changed(how, at)).toContain(part);
	});

	it("takes attributes, namespaces, texts and elements from anywhere in the words", () => {
		for (const how of [
			"takes an attribute from elsewhere", "has a namespace from elsewhere", "has another text",
			"holds an element from elsewhere", "stands in an element from elsewhere",
		] as const) {
			const results = new Set(Array.from({ length: 40 }, (_, word) => changed(how, 1, word, word)));
			expect({ how, many: results.size > 5 }).toEqual({ how, many: true });
		}
	});

	it("takes texts of its like from elements of the same name", () => {
		const enable = parseXml("<iq><enable><auth>secret</auth></enable></iq>")[0]!;
		const auths = Array.from({ length: 20 }, (_, word) => {
			return printXml(miss(enable, [{ how: "has a text of its like", at: 2, which: 0, word }], webPushWords));
		});
		expect(new Set(auths).size).toBeGreaterThan(4);
		for (const auth of ["{browser/0 auth}", "{browser/1 auth}", "AAAAAAAAAAAAAAAAAAAA"]) {
			expect(auths).toContain(`<iq><enable><auth>${auth}</auth></enable></iq>`);
		}
	});

	it("says of another browser what is said of one", () => {
		const enable = parseXml("<iq><enable><auth>{browser/0 auth}</auth></enable></iq>")[0]!;
		const another = (which: number) => {
			return printXml(miss(enable, [{ how: "says it of another browser", at: 2, which, word: 0 }], webPushWords));
		};
		expect(another(0)).toContain("<auth>{browser/1 auth}</auth>");
		expect(another(1)).toContain("<auth>{browser/2 auth}</auth>");
	});

	it("keeps whole what stands for something else", () => {
		const body = parseXml("<message><body>{browser/0 endpoint}</body></message>")[0]!;
		const off = (which: number) => printXml(miss(body, [{ how: "has a text that is off", at: 1, which, word: 3 }], words));
		expect(off(0)).toBe("<message><body>{browser/0 endpoint}x</body></message>");
		expect(off(5)).toBe("<message><body>{browser/0 endpoint}=</body></message>");
	});

	it("keeps characters whole that are two units in JavaScript", () => {
		const body = parseXml("<message><body>😀😀</body></message>")[0]!;
		const texts = Array.from({ length: 6 }, (_, word) => printXml(miss(body, [{ how: "has a text that is off", at: 1, which: 0, word }], words)));
		expect(new Set(texts)).toEqual(new Set(["😀😀😀", "😀x", "😀"].map((text) => `<message><body>${text}</body></message>`)));
	});

	it("leaves the stanza itself as it was, and is always XML", () => {
		fc.assert(fc.property(fc.constantFrom(...words.ofClients, ...words.contents), misses(), (base, changes) => {
			const before = printXml(base);
			const result = printXml(miss(base, changes, words));
			expect(printXml(base)).toBe(before);
			expect(parseXml(result)).toHaveLength(1);
		}), { numRuns: 2000, seed: 1 });
	});

	it("comes often enough, in every way", () => {
		const sample = fc.sample(misses(), { numRuns: 1000, seed: 1 });
		expect(sample.filter((changes) => changes.length === 0).length).toBeGreaterThan(400);
		expect(new Set(sample.flat().map(({ how }) => how)).size).toBe(19);
	});
});
