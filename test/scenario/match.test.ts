import { describe, expect, it } from "vitest";
import { explainMismatch } from "../../bridge/scenario";
import { matchStanza } from "../../bridge/scenario/match";
import { parseXml, type XmlElement } from "../../bridge/scenario/xml";

function element(xml: string): XmlElement {
	const [first, ...more] = parseXml(xml);
	if (!first || more.length > 0) throw new Error("expected one element");
	return first;
}

function match(expected: string, received: string, variables: Record<string, string> = {}) {
	return matchStanza(element(expected), element(received), (name) => {
		const value = variables[name];
		if (value === undefined) throw new Error(`no ${name}`);
		return value;
	});
}

/** What was captured. */
function captures(expected: string, received: string, variables?: Record<string, string>) {
	const result = match(expected, received, variables);
	if ("mismatch" in result) throw new Error(explainMismatch(result.mismatch));
	return Object.fromEntries(result.captures);
}

/** Why it does not match, in one line. */
function why(expected: string, received: string, variables?: Record<string, string>): string {
	const result = match(expected, received, variables);
	return "mismatch" in result ? explainMismatch(result.mismatch) : "it matches";
}

const MATCHES = "it matches";

describe("elements of the stanza's own namespace", () => {
	it.each([
		["the same", "<iq id='1'/>", "<iq id='1'/>"],
		["further attributes", "<iq id='1'/>", "<iq to='a' id='1' xml:lang='en'/>"],
		["further children", "<message><body>a</body></message>", "<message><x xmlns='u'/><body>a</body>text</message>"],
		["any order of attributes", "<iq a='1' b='2'/>", "<iq b='2' a='1'/>"],
		["any order of children", "<message><a/><b/></message>", "<message><b/><a/></message>"],
		["white space between elements", "<message>\n\t<a/>\n\t<b/>\n</message>", "<message><b/> <a/></message>"],
		["white space in an element without children", "<message>\n</message>", "<message/>"],
		["text where none is said", "<message><body/></message>", "<message><body>a</body></message>"],
		["the namespace of a client's stream", "<iq><a/></iq>", "<iq xmlns='jabber:client'><a/></iq>"],
		["the namespace of a component's stream", "<iq><a/></iq>", "<iq xmlns='jabber:component:accept'><a/></iq>"],
		["a namespace that the script says", "<iq xmlns='jabber:client'><a/></iq>", "<iq><a/></iq>"],
		["further attributes below", "<a><error/></a>", "<a><error code='1'/></a>"],
	])("match with %s", (_, expected, received) => {
		expect(why(expected, received)).toBe(MATCHES);
	});

	it.each([
		["<iq/>", "<message/>", "iq: element is \"<message>\", expected \"<iq>\""],
		["<iq/>", "<iq xmlns='u'/>", "iq: namespace is \"u\", expected \"jabber:client\""],
		["<iq id='1'/>", "<iq id='2'/>", "iq: attribute id is \"2\", expected \"1\""],
		["<iq id='1'/>", "<iq/>", "iq: attribute id is missing, expected \"1\""],
		["<iq id=''/>", "<iq/>", "iq: attribute id is missing, expected \"\""],
		["<message><body>a</body></message>", "<message><body>b</body></message>",
			"message/body: text is \"b\", expected \"a\""],
		["<message><body>a</body></message>", "<message><body> a </body></message>",
			"message/body: text is \" a \", expected \"a\""],
		["<message><body>a</body></message>", "<message/>", "message: child is missing, expected \"<body>\""],
		["<a><b x='1'/></a>", "<a><c x='1'/></a>", "a: child is missing, expected \"<b x=\\\"1\\\">\""],
		["<a><b/><b/></a>", "<a><b/></a>", "a: child is missing, expected \"<b>\""],
		["<a><b x='1'/><b x='2'/></a>", "<a><b x='1'/><b x='3'/></a>", "a/b: attribute x is \"3\", expected \"2\""],
		["<a>x<b/></a>", "<a><b/></a>", "a: text is \"\", expected \"x\""],
		["<a><b><c/></b></a>", "<a><b/></a>", "a/b: child is missing, expected \"<c>\""],
	])("%s does not match %s", (expected, received, explanation) => {
		expect(why(expected, received)).toBe(explanation);
	});

	it("find each a child of its own, whichever comes first", () => {
		expect(why("<a><b/><b x='1'/></a>", "<a><b x='1'/><b x='2'/></a>")).toBe(MATCHES);
		expect(why("<a><b x='1'/><b/></a>", "<a><b x='2'/><b x='1'/></a>")).toBe(MATCHES);
		expect(why("<a><b/><b x='1'/><b x='1' y='1'/></a>", "<a><b x='1' y='1'/><b x='1'/><b/></a>")).toBe(MATCHES);
		expect(why("<a><b x='1'/><b x='1'/></a>", "<a><b x='1'/><b x='2'/></a>"))
			.toBe("a/b: attribute x is \"2\", expected \"1\"");
	});
});

describe("elements with a namespace of their own", () => {
	it.each([
		["the same", "<iq><q xmlns='u' a='1'><i/></q></iq>", "<iq><q a='1' xmlns='u'><i/></q></iq>"],
		["another prefix", "<iq><q xmlns='u' xmlns:n='v' n:a='1'/></iq>", "<iq><m:q xmlns:m='u' o:a='1' xmlns:o='v'/></iq>"],
		["white space between elements", "<iq><q xmlns='u'>\n<i/>\n</q></iq>", "<iq><q xmlns='u'><i/></q></iq>"],
		["text where an element is empty", "<iq><q xmlns='u'><i></i></q></iq>", "<iq><q xmlns='u'><i>a</i></q></iq>"],
		["further things beside them", "<iq><q xmlns='u'/></iq>", "<iq a='1'><x/><q xmlns='u'/></iq>"],
		["any order among them", "<iq><q xmlns='u'/><r xmlns='v'/></iq>", "<iq><r xmlns='v'/><q xmlns='u'/></iq>"],
	])("match with %s", (_, expected, received) => {
		expect(why(expected, received)).toBe(MATCHES);
	});

	it.each([
		["<iq><q xmlns='u'/></iq>", "<iq><q xmlns='v'/></iq>", "iq: child is missing, expected \"<q xmlns=\\\"u\\\">\""],
		["<iq><q xmlns='u'/></iq>", "<iq><q xmlns='u' a='1'/></iq>", "iq/q: unexpected attribute a: \"1\""],
		["<iq><q xmlns='u' a='1'/></iq>", "<iq><q xmlns='u'/></iq>", "iq/q: attribute a is missing, expected \"1\""],
		["<iq><q xmlns='u'/></iq>", "<iq><q xmlns='u'><i/></q></iq>", "iq/q: unexpected child: \"<i>\""],
		["<iq><q xmlns='u'><i/></q></iq>", "<iq><q xmlns='u'/></iq>", "iq/q: child is missing, expected \"<i>\""],
		["<iq><q xmlns='u'><i/><j/></q></iq>", "<iq><q xmlns='u'><j/><i/></q></iq>",
			"iq/q: child is \"<j>\", expected \"<i>\""],
		["<iq><q xmlns='u'><i/></q></iq>", "<iq><q xmlns='u'><i xmlns='v'/></q></iq>",
			"iq/q/i: namespace is \"v\", expected \"u\""],
		["<iq><q xmlns='u'><i><j/></i></q></iq>", "<iq><q xmlns='u'><i><j a='1'/></i></q></iq>",
			"iq/q/i/j: unexpected attribute a: \"1\""],
		["<iq><q xmlns='u'><i/></q></iq>", "<iq><q xmlns='u'>x<i/></q></iq>", "iq/q: text is \"x\", expected \"\""],
		["<iq><q xmlns='u'>a</q></iq>", "<iq><q xmlns='u'>b</q></iq>", "iq/q: text is \"b\", expected \"a\""],
		["<iq><q xmlns='u' xml:lang='en'/></iq>", "<iq><q xmlns='u' xml:lang='de'/></iq>",
			"iq/q: attribute xml:lang is \"de\", expected \"en\""],
		["<m><f xmlns='f'><message xmlns='jabber:client'/></f></m>",
			"<m><f xmlns='f'><message xmlns='jabber:client' a='1'/></f></m>", "m/f/message: unexpected attribute a: \"1\""],
	])("%s does not match %s", (expected, received, explanation) => {
		expect(why(expected, received)).toBe(explanation);
	});
});

describe("scansion:strict", () => {
	it.each([
		["false for an element", "<iq><q xmlns='u' scansion:strict='false'><i/></q></iq>",
			"<iq><q xmlns='u' a='1'><j/><i b='1'/></q></iq>", MATCHES],
		["false for what is below, in any namespace",
			"<iq><q xmlns='u' scansion:strict='false'><x xmlns='v'><i/></x></q></iq>",
			"<iq><q xmlns='u'><x xmlns='v' a='1'><i/><i/></x></q></iq>", MATCHES],
		["true for the stanza", "<iq scansion:strict='true'/>", "<iq id='1'/>", "iq: unexpected attribute id: \"1\""],
		["true for what is below", "<iq scansion:strict='true'><a><b/></a></iq>", "<iq><a><b c='1'/></a></iq>",
			"iq/a/b: unexpected attribute c: \"1\""],
		["false below true", "<iq scansion:strict='true'><a scansion:strict='false'/></iq>", "<iq><a b='1'/></iq>", MATCHES],
		["true below false", "<iq><q xmlns='u' scansion:strict='false'><i scansion:strict='true'/></q></iq>",
			"<iq><q xmlns='u'><i a='1'/></q></iq>", "iq/q/i: unexpected attribute a: \"1\""],
		["true, and empty means empty", "<iq><q xmlns='u' scansion:strict='true'><i/></q></iq>",
			"<iq><q xmlns='u'><i>a</i></q></iq>", "iq/q/i: text is \"a\", expected \"\""],
		["true, which is not compared itself", "<iq scansion:strict='true'/>", "<iq/>", MATCHES],
	])("%s", (_, expected, received, result) => {
		expect(why(expected, received)).toBe(result);
	});
});

describe("placeholders and variables", () => {
	it("{scansion:any} stands for any value that is there", () => {
		expect(why("<iq id='{scansion:any}'>{scansion:any}</iq>", "<iq id='x'>y</iq>")).toBe(MATCHES);
		expect(why("<iq id='{scansion:any}'/>", "<iq id=''/>")).toBe(MATCHES);
		expect(why("<iq id='{scansion:any}'/>", "<iq/>")).toBe("iq: attribute id is missing, expected \"{scansion:any}\"");
	});

	it("stand for a part of a value, too", () => {
		expect(captures("<iq id='{scansion:capture:a}-{scansion:capture:b}.{scansion:any}'/>", "<iq id='x-y-z.1.2'/>"))
			.toEqual({ a: "x", b: "y-z" });
		expect(why("<iq id='a{scansion:any}a'/>", "<iq id='a'/>"))
			.toBe("iq: attribute id is \"a\", expected \"a{scansion:any}a\"");
		expect(why("<iq id='a{scansion:any}b{scansion:any}b'/>", "<iq id='acb'/>"))
			.toBe("iq: attribute id is \"acb\", expected \"a{scansion:any}b{scansion:any}b\"");
		expect(captures("<iq id='{scansion:capture:a}{scansion:capture:b}'/>", "<iq id='xy'/>")).toEqual({ a: "", b: "xy" });
	});

	it("capture, in both spellings, the later of one name last", () => {
		expect(captures("<iq id='{scansion:capture:a}'><x>{scansion:capture b}</x><y z='{scansion:capture:a}'/></iq>",
			"<iq id='1'><y z='3'/><x>2</x></iq>")).toEqual({ a: "3", b: "2" });
	});

	it("capture only from the child that was chosen", () => {
		expect(captures("<a><b x='1' y='{scansion:capture:y}'/></a>", "<a><b x='2' y='no'/><b x='1' y='yes'/></a>"))
			.toEqual({ y: "yes" });
		expect(captures("<a><b y='{scansion:capture:y}'/><b x='1'/></a>", "<a><b x='1' y='no'/><b y='yes'/></a>"))
			.toEqual({ y: "yes" });
	});

	it("variables are filled in, and what is in them means nothing else", () => {
		const variables = { "Romeo's JID": "romeo@localhost", odd: "{scansion:any}" };
		expect(why("<iq to=\"${Romeo's JID}/x\">${odd}</iq>", "<iq to='romeo@localhost/x'>{scansion:any}</iq>", variables))
			.toBe(MATCHES);
		expect(why("<iq to='${odd}'/>", "<iq to='x'/>", variables))
			.toBe("iq: attribute to is \"x\", expected \"{scansion:any}\"");
		expect(why("<iq><a to='${odd}'/></iq>", "<iq/>", variables))
			.toBe("iq: child is missing, expected \"<a to=\\\"{scansion:any}\\\">\"");
	});

	it("what is received means nothing", () => {
		expect(why("<iq scansion:strict='true'><a/></iq>", "<iq><a b='${x}'/></iq>"))
			.toBe("iq/a: unexpected attribute b: \"${x}\"");
		expect(why("<iq scansion:strict='true'/>", "<iq><a b='{scansion:nope}'/></iq>"))
			.toBe("iq: unexpected child: \"<a b=\\\"{scansion:nope}\\\">\"");
	});
});

describe("a mismatch", () => {
	it("has a path that stays short", () => {
		const deep = (inside: string) => "<a>".repeat(10000) + inside + "</a>".repeat(10000);
		const result = match(deep("<b x='1'/>"), deep("<b x='2'/>"));
		expect(result).toEqual({
			mismatch: { path: "a/a/a/a/a/a/…/a/a/a/a/b", what: "attribute x", expected: "1", received: "2" },
		});
	});

	it("is explained in one line that stays short", () => {
		const explanation = why("<iq id='a'/>", `<iq id='\n${"😀".repeat(1000)}'/>`.replace("\n", "&#10;"));
		expect(explanation).toMatch(/^iq: attribute id is "\\n(?:😀)+…", expected "a"$/u);
		expect(Array.from(explanation).length).toBeLessThan(260);
	});
});
