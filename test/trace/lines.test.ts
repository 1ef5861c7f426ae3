import { describe, expect, it } from "vitest";
import { entryLines } from "../../bridge/trace/lines";
import type { TraceEntry } from "../../bridge/trace/entry";

function xmlLines(xml: string): string[] {
	return entryLines({ at: 0, kind: "stanza", to: "a", from: "b", xml }, (text) => text);
}

describe("an entry as lines", () => {
	it("has an element a line, with text beside its tags", () => {
		const xml = "<message to='a' id='1'><body>It's &lt;here&gt;</body><x xmlns='y'><z/></x></message>";
		expect(xmlLines(xml)).toEqual([
			"<message id=\"1\" to=\"a\">",
			"  <body>It's &lt;here&gt;</body>",
			"  <x xmlns=\"y\">",
			"    <z/>",
			"  </x>",
			"</message>",
		]);
	});

	it("does not depend on order and quotes of attributes, nor on how characters are written", () => {
		expect(xmlLines("<a b='1' c=\"&#x41;'\"></a>")).toEqual(xmlLines("<a  c='A&apos;' b=\"1\" />"));
		expect(xmlLines("<a><![CDATA[<x>]]></a>")).toEqual(xmlLines("<a>&lt;x&gt;</a>"));
	});

	it("leaves out declarations of a namespace that holds anyway", () => {
		expect(xmlLines("<a xmlns='x'><b xmlns='x'><c xmlns='y'/></b></a>")).toEqual([
			"<a xmlns=\"x\">", "  <b>", "    <c xmlns=\"y\"/>", "  </b>", "</a>",
		]);
		expect(xmlLines("<iq xmlns='jabber:client'><x xmlns='y'><iq xmlns='jabber:client'/></x></iq>")).toEqual([
			"<iq>", "  <x xmlns=\"y\">", "    <iq xmlns=\"jabber:client\"/>", "  </x>", "</iq>",
		]);
		expect(xmlLines("<p:a xmlns:p='x'><p:b xmlns:p='x'/></p:a>")).toEqual([
			"<p:a xmlns:p=\"x\">", "  <p:b/>", "</p:a>",
		]);
	});

	it("shows white space, which counts", () => {
		expect(xmlLines("<a> <b>x  y</b>\n</a>")).toEqual([
			"<a>", "  &#32;", "  <b>x&#32;&#32;y</b>", "  &#10;", "</a>",
		]);
		expect(xmlLines("<a>x y</a>")).toEqual(["<a>x y</a>"]);
		expect(xmlLines("<a>&amp;#32;</a>")).toEqual(["<a>&amp;#32;</a>"]);
	});

	it("keeps the order of children", () => {
		expect(xmlLines("<a><b/><c/></a>")).not.toEqual(xmlLines("<a><c/><b/></a>"));
	});

	it("sorts the features that an entity has, among themselves", () => {
		const info = (children: string): string => `<iq><query xmlns='http://jabber.org/protocol/disco#info'>${children}</query></iq>`;
		expect(xmlLines(info("<identity/><feature var='b'/><x/><feature var='a'/><feature/>"))).toEqual([
			"<iq>", "  <query xmlns=\"http://jabber.org/protocol/disco#info\">", "    <identity/>", "    <feature var=\"a\"/>",
			"    <x/>", "    <feature var=\"b\"/>", "    <feature/>", "  </query>", "</iq>",
		]);
		const other = "<query xmlns='u'><feature var='b'/><feature var='a'/></query>";
		expect(xmlLines(other)[1]).toBe("  <feature var=\"b\"/>");
	});

	it("takes elements that nest deeper than the stack", () => {
		const lines = xmlLines("<a>".repeat(10_000) + "</a>".repeat(10_000));
		expect(lines).toHaveLength(19_999);
	});

	it("shows what is no XML as it is", () => {
		expect(xmlLines("<a><b></a>")).toEqual(["<a><b></a>"]);
	});

	it("shows data as JSON with sorted members", () => {
		const data = { b: [1, {}], a: "x", c: undefined };
		const entry: TraceEntry = { at: 0, kind: "store", store: "s", user: "u", data };
		expect(entryLines(entry, (text) => text.toUpperCase())).toEqual([
			"{", "  \"A\": \"X\",", "  \"B\": [", "    1,", "    {}", "  ]", "}",
		]);
		expect(entryLines({ ...entry, data: null }, (text) => text)).toEqual(["(deleted)"]);
	});
});
