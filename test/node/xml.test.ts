import { describe, expect, it } from "vitest";
import { xmlLibrary } from "../../bridge/node/xml";

const parse = (text: string) => {
	const [stanza, error] = xmlLibrary.parse(text);
	if (stanza === undefined) throw new Error(error);
	return stanza;
};

describe("namespaces", () => {
	it("stand on every element that is in one", () => {
		const stanza = parse("<a xmlns='urn:a'><b/><c xmlns=''/><x:d xmlns:x='urn:x'><e/></x:d></a>");
		expect(stanza.attr).toEqual({ xmlns: "urn:a" });
		expect(stanza.tags.map(({ name, attr }) => [name, attr.xmlns]))
			.toEqual([["b", "urn:a"], ["c", undefined], ["d", "urn:x"]]);
		expect(stanza.tags[2]!.tags[0]!.attr).toEqual({ xmlns: "urn:a" });
	});

	it("name attributes", () => {
		const stanza = parse("<a xml:lang='en' b='1' xmlns:x='urn:x' x:b='2'/>");
		expect(stanza.attr).toEqual({ "xml:lang": "en", "b": "1", "urn:x\x01b": "2" });
		expect(String(stanza)).toBe("<a xml:lang='en' b='1' xmlns:ns1='urn:x' ns1:b='2'/>");
	});

	it("end with their element", () => {
		const stanza = parse("<a xmlns:p='urn:1'><p:b xmlns:p='urn:2'/><p:b/></a>");
		expect(stanza.tags.map(({ attr }) => attr.xmlns)).toEqual(["urn:2", "urn:1"]);
		expect(() => parse("<a><b xmlns:p='urn:p'/><p:c/></a>")).toThrow("unbound namespace prefix: p");
	});

	it.each([
		"<p:a/>", "<a p:b='1'/>", "<a xmlns:p=''/>", "<a xmlns:xmlns='urn:x'/>", "<a xmlns:xml='urn:x'/>",
		"<a xmlns='http://www.w3.org/2000/xmlns/'/>", "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
		"<:a/>", "<a:/>", "<a:b:c xmlns:a='urn:a'/>", "<a xmlns:='urn:x'/>", "<xmlns:a/>",
		"<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>", "<constructor:a/>", "<__proto__:a/>",
	])("refuse %s", (text) => {
		expect(() => parse(text)).toThrow();
	});
});

describe("text", () => {
	it("is one child, whatever it is made of", () => {
		const stanza = parse("<a>1 &lt; 2\r\n<![CDATA[<b>]]>&#233;&#x1F600;</a>");
		expect([...stanza.children()]).toEqual(["1 < 2\n<b>é😀"]);
	});

	it("stands between elements", () => {
		expect([...parse("<a> <b/> x<c/></a>").children()].map(String)).toEqual([" ", "<b/>", " x", "<c/>"]);
	});
});

describe("hostile names", () => {
	it("are names like others", () => {
		const stanza = parse("<__proto__ constructor='1' __proto__='2'><toString/></__proto__>");
		expect(stanza.name).toBe("__proto__");
		expect(Object.entries(stanza.attr)).toEqual([["constructor", "1"], ["__proto__", "2"]]);
		expect(stanza.get_child("toString")).toBeDefined();
	});
});

describe("what is no XML, or restricted", () => {
	it.each([
		"", " ", "text", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a/>text", "text<a/>", "<a b=1/>", "<a b='1' b='2'/>",
		"<a b='<'/>", "<a>&nbsp;</a>", "<a>&</a>", "<a>&#0;</a>", "<a>\x01</a>", "<a>\udcff</a>", "<a>\ud83d</a>",
		"<a>\uffff</a>", "< a/>", "<a b/>",
		"<a>]]></a>", "<a/>\0",
		"<a><!-- comment --></a>", "<!-- comment --><a/>", "<a><?php 1 ?></a>", "<?php 1 ?><a/>",
		"<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
		"<?xml version='1.1'?><a/>", "<?xml version='1.0' encoding='iso-8859-1'?><a/>",
	])("%j", (text) => {
		const [stanza, error] = xmlLibrary.parse(text);
		expect(stanza).toBeUndefined();
		expect(error).toEqual(expect.any(String));
	});

	it("has an XML declaration at most", () => {
		expect(String(parse("<?xml version='1.0' encoding='UTF-8'?><a/>"))).toBe("<a/>");
	});

	it("is found quickly, however deep it nests", () => {
		const depth = 50_000;
		const deep = `<a xmlns='urn:a'>${"<b>".repeat(depth)}${"</b>".repeat(depth)}</a>`;
		expect(String(parse(deep)).length).toBeGreaterThan(depth);
		expect(() => parse("<a>".repeat(depth))).toThrow();
	});
});
