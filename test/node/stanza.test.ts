import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isElement } from "ltx";
import type { Stanza } from "../../bridge/api";
import { clone, deserialize, preserialize, stanzaLibrary as st } from "../../bridge/node/stanza";
import { createTestMachine, HOSTILE_NAMES } from "./machine";
import { createNodeHost } from "../../bridge/node";
import { parseLuaData } from "../../bridge/node/lua-data";
import { serialize } from "../../bridge/node/serialization";
import { xmlLibrary } from "../../bridge/node/xml";

const DEPTH = 10_000;

function deepStanza(): Stanza {
	const stanza = st.stanza("a");
	for (let level = 1; level < DEPTH; level++) stanza.tag("a");
	return stanza.text("deep");
}

describe("building", () => {
	it("adds at the insertion point", () => {
		const stanza = st.message({ to: "juliet@localhost" })
			.tag("x", { xmlns: "urn:x" }).tag("y").text("1").up().text("2").up().text_tag("z", "3");
		expect(String(stanza)).toBe("<message to='juliet@localhost'><x xmlns='urn:x'><y>1</y>2</x><z>3</z></message>");
		expect(stanza.at_top()).toBe(true);
	});

	it("stays at the top when it is told to go up", () => {
		expect(String(st.stanza("a").up().up().tag("b").reset().tag("c"))).toBe("<a><b/><c/></a>");
	});

	it("adds children directly below, wherever the insertion point is", () => {
		const stanza = st.stanza("a").tag("b");
		stanza.add_direct_child(st.stanza("c"));
		stanza.add_child("text");
		expect(String(stanza)).toBe("<a><b>text</b><c/></a>");
		expect(stanza.at_top()).toBe(false);
	});

	it("adds a body and a query", () => {
		expect(String(st.message({}).body("Hi", { "xml:lang": "en" })))
			.toBe("<message><body xml:lang='en'>Hi</body></message>");
		expect(String(st.iq({ id: "1", type: "get" }).query("urn:q")))
			.toBe("<iq id='1' type='get'><query xmlns='urn:q'/></iq>");
		expect(String(st.message({}, ""))).toBe("<message><body/></message>");
	});

	it("adds no text for nil and the empty string", () => {
		expect(String(st.stanza("a").text(undefined).text(""))).toBe("<a/>");
	});

	it("leaves out attributes that are nil", () => {
		const stanza = st.stanza("a", { b: undefined, c: "1" });
		expect(Object.keys(stanza.attr)).toEqual(["c"]);
		stanza.attr.c = undefined;
		expect(String(stanza)).toBe("<a/>");
	});

	it("does not share attributes with its maker", () => {
		const attr = { to: "a" };
		const stanza = st.stanza("a", attr);
		attr.to = "b";
		expect(stanza.attr.to).toBe("a");
	});

	it("is made of ltx elements", () => {
		const stanza = st.stanza("a").tag("b").reset() as Stanza & { element: { children: unknown[] } };
		expect(isElement(stanza.element)).toBe(true);
		expect(isElement(stanza.element.children[0])).toBe(true);
	});
});

describe("checks", () => {
	it.each([
		["", "invalid tag name: empty string"],
		["<>", "invalid tag name: contains invalid characters"],
		["a b", "invalid tag name: contains invalid characters"],
		["a\nb", "invalid tag name: contains invalid characters"],
		["a\x01b", "invalid tag name: contains control characters"],
		["a\udcff", "invalid tag name: contains invalid utf8"],
		["a\ud83d", "invalid tag name: contains invalid utf8"],
		[undefined, "invalid tag name: expected string, got nil"],
		[5, "invalid tag name: expected string, got number"],
		[{}, "invalid tag name: expected string, got table"],
		[true, "invalid tag name: expected string, got boolean"],
	])("reject the name %j", (name, message) => {
		expect(() => st.stanza(name as string)).toThrow(message);
		expect(() => st.stanza("a").tag(name as string)).toThrow(message);
	});

	it.each([
		["", "invalid attribute name: empty string"],
		["a'b", "invalid attribute name: contains invalid characters"],
		["a\x02", "invalid attribute name: contains control characters"],
		["a\udc80", "invalid attribute name: contains invalid utf8"],
	])("reject the attribute name %j", (name, message) => {
		expect(() => st.stanza("a", { [name]: "b" })).toThrow(message);
	});

	it.each([
		["\0", "contains control characters"],
		["\x1f", "contains control characters"],
		["\uffff", "contains control characters"],
		["\udcff", "contains invalid utf8"],
		[1234, "expected string, got number"],
	])("reject the text %j", (text, message) => {
		expect(() => st.stanza("a", { b: text as string })).toThrow(`invalid attribute value: ${message}`);
		expect(() => st.stanza("a").text(text as string)).toThrow(`invalid text value: ${message}`);
		expect(() => st.stanza("a").add_child(text as string)).toThrow(`invalid text value: ${message}`);
	});

	it("accept what XML allows", () => {
		const text = "\t\n\r \x7f é 😀 <&>'\"";
		expect(st.stanza("a", { b: text }).text(text).get_text()).toBe(text);
		expect(st.stanza("a", { "urn:x\x01b": "c" }).attr["urn:x\x01b"]).toBe("c");
	});

	it("reject attributes that are no table", () => {
		expect(() => st.stanza("a", "b" as never)).toThrow("invalid attributes: expected table, got string");
	});

	it("want id and type of an IQ", () => {
		expect(() => st.iq(undefined as never)).toThrow("iq stanzas require id and type attributes");
		expect(() => st.iq({ type: "get" })).toThrow("iq stanzas require an id attribute");
		expect(() => st.iq({ id: "1" })).toThrow("iq stanzas require a type attribute");
	});
});

describe("reading", () => {
	const stanza = st.stanza("root", { attr: "value" })
		.tag("child", { xmlns: "urn:other", key: "v" }).text_tag("nested", "text").up()
		.text("between")
		.tag("child").tag("empty").up().up()
		.reset();

	it("matches names in the own namespace, or in one that is given", () => {
		expect(stanza.get_child("child")).toBe(stanza.tags[1]);
		expect(stanza.get_child("child", "urn:other")).toBe(stanza.tags[0]);
		expect(stanza.get_child("nested")).toBeUndefined();
		expect(stanza.get_child("child", "urn:missing")).toBeUndefined();
		expect(stanza.get_child(undefined, "urn:other")).toBe(stanza.tags[0]);
		expect(stanza.get_child()).toBe(stanza.tags[1]);
		expect(stanza.child_with_name("child")).toBe(stanza.tags[0]);
		expect(stanza.child_with_ns("urn:other")).toBe(stanza.tags[0]);
		expect(Array.from(stanza.childtags("child"))).toEqual([stanza.tags[1]]);
		expect(Array.from(stanza.children())).toEqual([stanza.tags[0], "between", stanza.tags[1]]);
	});

	it("takes an element without a namespace for one of its parent's, if none is given", () => {
		const parent = st.stanza("a", { xmlns: "urn:a" }).tag("b").up().tag("c", { xmlns: "urn:a" }).up();
		expect(parent.get_child("b")).toBe(parent.tags[0]);
		expect(parent.get_child("c")).toBe(parent.tags[1]);
		expect(parent.get_child("b", "urn:a")).toBeUndefined();
		expect(parent.get_child("c", "urn:a")).toBe(parent.tags[1]);
		expect(Array.from(parent.childtags())).toEqual(parent.tags);
		expect(st.clone(parent).remove_children("b").tags).toHaveLength(2);
	});

	it("gives text only of elements without elements", () => {
		expect(stanza.tags[0]!.get_child_text("nested")).toBe("text");
		expect(stanza.get_child("child", "urn:other")!.tags[0]!.get_text()).toBe("text");
		expect(stanza.get_text()).toBeUndefined();
		expect(st.stanza("a").get_text()).toBe("");
		expect(stanza.get_child_text("missing")).toBeUndefined();
	});

	it("finds by path", () => {
		expect(stanza.find("@attr")).toBe("value");
		expect(stanza.find("{urn:other}child")).toBe(stanza.tags[0]);
		expect(stanza.find("{urn:other}child@key")).toBe("v");
		expect(stanza.find("{urn:other}/nested#")).toBe("text");
		expect(stanza.find("{urn:other}/{urn:missing}nested#")).toBeUndefined();
		expect(stanza.find("child/empty#")).toBe("");
		expect(stanza.find("child/missing/empty#")).toBeUndefined();
		expect(stanza.find("missing@attr")).toBeUndefined();
		expect(stanza.find("child/")).toBe(stanza.tags[1]);
		expect(() => stanza.find("{urn:other")).toThrow("unfinished namespace");
	});

	it("finds by path through namespaces", () => {
		const carbon = st.message()
			.tag("sent", { xmlns: "urn:xmpp:carbons:2" }).tag("forwarded", { xmlns: "urn:xmpp:forward:0" })
			.tag("message", { xmlns: "jabber:client", id: "m" }).tag("body", { xmlns: "jabber:client" }).text("Hi");
		const path = "{urn:xmpp:carbons:2}/{urn:xmpp:forward:0}/{jabber:client}message";
		expect((carbon.find(path) as Stanza).attr.id).toBe("m");
		expect(carbon.find(`${path}@id`)).toBe("m");
		expect(carbon.find(`${path}/body#`)).toBe("Hi");
	});

	it("selects by attribute", () => {
		const messages = st.message()
			.text_tag("body", "Hi", { "xml:lang": "en" }).text_tag("body", "Salut", { "xml:lang": "fr" });
		expect(messages.get_child_with_attr("body", undefined, "xml:lang", "fr")!.get_text()).toBe("Salut");
		const upper = (value?: string) => value?.toUpperCase();
		expect(messages.get_child_with_attr("body", undefined, "xml:lang", "FR", upper)!.get_text()).toBe("Salut");
		expect(messages.get_child_with_attr("body", undefined, "xml:lang", "FR")).toBeUndefined();
	});

	it("has no inherited attributes", () => {
		for (const name of HOSTILE_NAMES) {
			expect(stanza.attr[name]).toBeUndefined();
			expect(stanza.find(`@${name}`)).toBeUndefined();
			expect(stanza.get_child(name === "" ? "x" : name)).toBeUndefined();
		}
		const hostile = st.stanza("a", Object.fromEntries([["__proto__", "1"], ["constructor", "2"]]));
		expect(String(hostile)).toBe("<a __proto__='1' constructor='2'/>");
		expect(String(clone(hostile))).toBe(String(hostile));
		expect(String(deserialize(preserialize(hostile)))).toBe(String(hostile));
	});
});

describe("changing", () => {
	it("maps, replaces and removes tags, and leaves text alone", () => {
		const stanza = st.stanza("a").text("1").tag("b").up().tag("c").up().text("2").tag("d").up();
		stanza.maptags((tag) => tag.name === "b" ? undefined : tag.name === "c" ? st.stanza("e") : tag);
		expect(String(stanza)).toBe("<a>1<e/>2<d/></a>");
		expect(stanza.tags.map(({ name }) => name)).toEqual(["e", "d"]);
		expect(() => stanza.maptags(() => "text" as never)).toThrow("expected stanza, got string");
	});

	it("keeps what the callback adds", () => {
		const stanza = st.stanza("a").tag("b").up();
		stanza.maptags((tag) => {
			stanza.add_direct_child(st.stanza("c"));
			return tag;
		});
		expect(String(stanza)).toBe("<a><b/><c/></a>");
	});

	it("removes children by name and namespace", () => {
		const make = () => st.stanza("x", { xmlns: "test" })
			.tag("y", { xmlns: "test" }).up().tag("z", { xmlns: "test2" }).up().tag("y", { xmlns: "test2" }).up();
		expect(make().remove_children("y").tags).toHaveLength(2);
		expect(make().remove_children(undefined, "test2").tags).toHaveLength(1);
		expect(make().remove_children().tags).toHaveLength(2);
	});
});

describe("text form", () => {
	it("escapes text and attributes", () => {
		expect(String(st.stanza("a", { b: "<&>'\"" }).text("<&>'\"")))
			.toBe("<a b='&lt;&amp;&gt;&apos;&quot;'>&lt;&amp;&gt;&apos;&quot;</a>");
		expect(st.xml_escape("<&>'\"")).toBe("&lt;&amp;&gt;&apos;&quot;");
	});

	it("leaves out a namespace that is the parent's", () => {
		const stanza = st.stanza("a", { xmlns: "urn:a" }).tag("b", { xmlns: "urn:a" }).tag("c", { xmlns: "urn:c" });
		expect(String(stanza)).toBe("<a xmlns='urn:a'><b><c xmlns='urn:c'/></b></a>");
		expect(String(st.stanza("a").tag("b", { xmlns: "urn:b" }).up().tag("c"))).toBe("<a><b xmlns='urn:b'/><c/></a>");
	});

	it("gives prefixes to attributes of namespaces", () => {
		expect(String(st.stanza("a", { "urn:x\x01b": "1", "urn:y\x01c": "2" })))
			.toBe("<a xmlns:ns1='urn:x' ns1:b='1' xmlns:ns2='urn:y' ns2:c='2'/>");
	});

	it("has an opening tag for logs", () => {
		const stanza = st.message({ to: "a", xmlns: "urn:m" }, "Hi");
		expect(stanza.top_tag()).toBe("<message to='a' xmlns='urn:m'>");
	});

	it("ends an element that holds an empty text", () => {
		const stanza = st.stanza("a");
		stanza.add_direct_child("");
		expect(String(stanza)).toBe("<a></a>");
	});
});

describe("clone", () => {
	it("copies elements, not what modules put on the stanza", () => {
		const stanza = st.message({ to: "a" }, "Hi").tag("x");
		stanza._push_notify = { id: true };
		const copy = st.clone(stanza);
		copy.attr.to = "b";
		copy.tags[0]!.text("!");
		expect(String(copy)).toBe("<message to='b'><body>Hi!</body><x/></message>");
		expect(String(stanza)).toBe("<message to='a'><body>Hi</body><x/></message>");
		expect(copy._push_notify).toBeUndefined();
		expect(copy.at_top()).toBe(true);
	});

	it("copies the top alone", () => {
		expect(String(st.clone(st.message({ to: "a" }, "Hi"), true))).toBe("<message to='a'/>");
	});

	it("takes only stanzas", () => {
		expect(() => st.clone("a" as never)).toThrow("bad argument to clone: expected stanza, got string");
		expect(st.is_stanza(st.stanza("a"))).toBe(true);
		const others = ["a", 1, {}, undefined, { name: "a", attr: {}, tags: [] }];
		for (const other of others) expect(st.is_stanza(other)).toBe(false);
	});
});

describe("plain data", () => {
	it("has children at 1, 2, …", () => {
		const data = st.preserialize(st.stanza("a", { b: "c" }).text("1").tag("d").text("2").up().text("3"));
		expect(data).toEqual({ name: "a", attr: { b: "c" }, 1: "1", 2: { name: "d", attr: {}, 1: "2" }, 3: "3" });
		expect(String(st.deserialize(data))).toBe("<a b='c'>1<d>2</d>3</a>");
		expect(st.deserialize(data).tags).toHaveLength(1);
	});

	it("survives storage", () => {
		const stanza = st.stanza("x", { "xmlns": "jabber:x:data", "urn:n\x01a": "1" })
			.tag("field").text_tag("value", "é").up().text("end");
		const stored = parseLuaData(serialize(preserialize(stanza)), "test");
		expect(String(deserialize(stored as never))).toBe(String(stanza));
	});

	it("reads the bars of old stores", () => {
		expect(st.deserialize({ name: "a", attr: { "urn:x|b": "1", "urn:y|\x01c": "2", "|d": "3" } }).attr)
			.toEqual({ "urn:x\x01b": "1", "urn:y|\x01c": "2", "|d": "3" });
	});

	it("is nil for nil, and checked like any stanza", () => {
		expect(st.deserialize(undefined as never)).toBeUndefined();
		expect(() => st.deserialize({ name: "a b", attr: {} })).toThrow("invalid tag name");
		expect(() => st.deserialize({ name: "a" } as never)).toThrow("invalid attributes: expected table, got nil");
	});
});

describe("replies", () => {
	const stanza = st.stanza("message", { to: "touser", from: "fromuser", id: "123", type: "chat" }).tag("child");

	it("swap the addresses and keep the id", () => {
		expect(st.reply(stanza).attr).toEqual({ to: "fromuser", from: "touser", id: "123", type: "chat" });
		expect(st.reply(stanza).tags).toHaveLength(0);
		expect(st.reply(st.iq({ id: "1", type: "set" })).attr).toEqual({ id: "1", type: "result" });
		expect(() => st.reply({ name: "a" } as never)).toThrow("bad argument to reply: expected stanza, got table");
	});

	it("say what went wrong", () => {
		const reply = st.error_reply(stanza, "modify", "bad-request", "No", "host");
		expect(String(reply)).toBe("<message to='fromuser' from='touser' id='123' type='error'>"
			+ "<error type='modify' by='host'>"
			+ "<bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
			+ "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>No</text></error></message>");
		expect([...reply.tag("more", { xmlns: "urn:more" }).get_error()])
			.toEqual(["modify", "bad-request", "No", reply.tags[0]!.tags[2]]);
		expect(st.error_reply(stanza, "cancel", "gone", undefined, "touser").tags[0]!.attr.by).toBeUndefined();
	});

	it("do not answer errors", () => {
		expect(() => st.error_reply(st.message({ type: "error" }), "cancel", "conflict")).toThrow("must not be replied to");
	});

	it("take error objects", () => {
		const errors = createNodeHost(createTestMachine()).require("util.error");
		const reply = (error: Parameters<typeof errors.new>[0], context?: Record<string, unknown>) =>
			st.error_reply(stanza, errors.new(error, context));
		expect(String(reply({ type: "wait", condition: "internal-server-error", text: "Oops" }, { by: "x" }).tags[0]))
			.toBe("<error type='wait' by='x'><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
				+ "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Oops</text></error>");
		const gone = { condition: "gone", extra: { uri: "xmpp:new" } };
		expect(reply(gone).tags[0]!.tags[0]!.get_text()).toBe("xmpp:new");
		const special = { condition: "conflict", extra: { namespace: "urn:x", condition: "special" } };
		expect(reply(special).tags[0]!.get_child("special", "urn:x")).toBeDefined();
		const tagged = { condition: "conflict", extra: { tag: st.stanza("own", { xmlns: "urn:own" }) } };
		expect(reply(tagged).tags[0]!.get_child("own", "urn:own")).toBeDefined();
	});

	it("have no error where there is none", () => {
		expect([...st.message().get_error()]).toEqual([undefined, undefined, undefined, undefined]);
		expect([...st.message().tag("error").up().get_error()][1]).toBe("undefined-condition");
	});
});

describe("depth", () => {
	it(`is no matter: ${DEPTH} nested elements`, () => {
		const stanza = deepStanza();
		const text = "<a>".repeat(DEPTH) + "deep" + "</a>".repeat(DEPTH);
		expect(String(stanza)).toBe(text);
		expect(String(st.clone(stanza))).toBe(text);
		expect(String(st.deserialize(st.preserialize(stanza)))).toBe(text);
		const [parsed] = xmlLibrary.parse(text);
		expect(String(parsed)).toBe(text);
	});
});

const name = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,8}$/);
const text = fc.string({ unit: "grapheme", maxLength: 12 })
	.map((value) => value.replace(/[\x00-\x08\x0b-\x1f\ufffe\uffff\u0085\u2028]/gu, "·"));
const namespace = fc.constantFrom(undefined, "urn:a", "urn:b&<'\"");
const attributes = fc.dictionary(
	fc.oneof(name.filter((value) => !value.startsWith("xml")), name.map((value) => `urn:n\x01${value}`)), text,
	{ maxKeys: 3 },
);
const { stanza: anyStanza } = fc.letrec<{ stanza: Stanza }>((tie) => ({
	stanza: fc.tuple(
		name, namespace, attributes, fc.array(fc.oneof({ maxDepth: 3 }, text, tie("stanza")), { maxLength: 4 }),
	).map(([tag, xmlns, attr, children]) => {
		const stanza = st.stanza(tag, { ...attr, xmlns });
		for (const child of children) stanza.add_direct_child(child);
		return stanza;
	}),
}));

/** What XML says of a stanza: namespaces are inherited, and adjacent texts are one. */
function meaning(stanza: Stanza, inherited?: string): unknown[] {
	const { xmlns = inherited, ...attr } = stanza.attr;
	const content: unknown[] = [];
	for (const child of stanza.children()) {
		if (typeof child !== "string") content.push(meaning(child, xmlns));
		else if (typeof content.at(-1) === "string") content.push(String(content.pop()) + child);
		else if (child !== "") content.push(child);
	}
	return [stanza.name, xmlns, attr, content];
}

describe("any stanza", () => {
	it("means the same after it was written and parsed", () => {
		fc.assert(fc.property(anyStanza, (stanza) => {
			// White space in attributes becomes spaces (XML 1.0, 3.3.3).
			fc.pre(!/='[^']*[\n\t]/.test(String(stanza)));
			const [parsed, error] = xmlLibrary.parse(String(stanza));
			expect(error).toBeUndefined();
			expect(meaning(parsed!)).toEqual(meaning(stanza));
		}));
	});

	it("is the same after it was cloned, and after it was stored", () => {
		fc.assert(fc.property(anyStanza, (stanza) => {
			expect(String(clone(stanza))).toBe(String(stanza));
			expect(String(deserialize(preserialize(stanza)))).toBe(String(stanza));
			const stored = parseLuaData(serialize(preserialize(stanza)), "test");
			expect(String(deserialize(stored as never))).toBe(String(stanza));
		}));
	});
});
