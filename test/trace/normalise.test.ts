import { describe, expect, it } from "vitest";
import { chosenResources, generatedIds, idReplacer, writtenIds } from "../../bridge/trace/normalise";
import type { TraceEntry } from "../../bridge/trace/entry";

function reply(xml: string): TraceEntry {
	return { at: 0, kind: "reply", to: "Juliet", xml };
}

function generated(xml: string, ...written: string[]): string[] {
	return [...generatedIds([reply(xml)], new Set(written))];
}

describe("ids that the server generated", () => {
	it("are those of stanzas that the script did not write", () => {
		expect(generated("<iq type='set' id='x1'/>")).toEqual(["x1"]);
		expect(generated("<message id='x1'/>")).toEqual(["x1"]);
		expect(generated("<iq type='result' id='e1'/>", "e1")).toEqual([]);
	});

	it("are not other attributes called id", () => {
		expect(generated("<iq id='a'><pubsub><item id='current'/></pubsub></iq>", "a")).toEqual([]);
	});

	it("are ids of archived messages and of streams", () => {
		expect(generated("<message><stanza-id xmlns='urn:xmpp:sid:0' by='a@b' id='s1'/></message>")).toEqual(["s1"]);
		expect(generated("<message><result xmlns='urn:xmpp:mam:2' id='r1' queryid='q'/></message>")).toEqual(["r1"]);
		expect(generated(
			"<iq id='q'><fin xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>"
			+ "<first index='0'>f1</first><last>l1</last><count>2</count></set></fin></iq>", "q",
		)).toEqual(["f1", "l1"]);
		expect(generated("<enabled xmlns='urn:xmpp:sm:3' id='t1' resume='true'/>")).toEqual(["t1"]);
	});

	it("are not looked for in what is no XML", () => {
		expect(generated("<iq id='a'")).toEqual([]);
	});

	it("are not what stands in the script", () => {
		expect(writtenIds(["<iq id=\"e1\" type='get'><query queryid='q 1'/></iq>", "<message id = 'm1'/>"]))
			.toEqual(new Set(["e1", "q 1", "m1"]));
	});
});

describe("resources that the server chose", () => {
	it("are those of an account that the script did not write", () => {
		const trace = [
			reply("<iq to='juliet@localhost/a1'/>"),
			reply("<message from='juliet@localhost/phone' to='xjuliet@localhost/no'/>"),
			reply("<message><x>juliet@localhost/b2</x></message>"),
			reply("<message from='romeo@localhost/orchard' to=\"juliet@localhost/a b~c3\"/>"),
		];
		expect(chosenResources(trace, ["juliet@localhost"], new Set(["phone"]))).toEqual(new Set(["a1", "b2", "a b~c3"]));
	});
});

describe("replacing ids", () => {
	const replace = (text: string, ...ids: string[]): string => idReplacer(ids)(text, (id) => `{${ids.indexOf(id)}}`);

	it("finds them as whole words", () => {
		expect(replace("a12 12 12b x/12 12-3 _12", "12")).toBe("a12 {0} 12b x/{0} 12-3 _12");
	});

	it("takes the longest", () => {
		expect(replace("a a-b a.b", "a", "a-b", "a.b")).toBe("{0} {1} {2}");
	});

	it("takes ids as they are written", () => {
		expect(replace("(.*) [x] $& é", "(.*)", "[x]", "$&", "é")).toBe("{0} {1} {2} {3}");
	});

	it("leaves text as it is if there are none", () => {
		expect(replace("text")).toBe("text");
	});
});
