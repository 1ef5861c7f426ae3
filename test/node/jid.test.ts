import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jidLibrary as jid } from "../../bridge/node/jid";
import { HOSTILE_NAMES } from "./machine";

describe("split", () => {
	it.each([
		["node@server", "node", "server", undefined],
		["node@server/resource", "node", "server", "resource"],
		["server", undefined, "server", undefined],
		["server/resource", undefined, "server", "resource"],
		["server/resource@foo", undefined, "server", "resource@foo"],
		["server/resource@foo/bar", undefined, "server", "resource@foo/bar"],
		["node@server/a\nb", "node", "server", "a\nb"],
		[undefined, undefined, undefined, undefined],
		["", undefined, undefined, undefined],
		["@server", undefined, undefined, undefined],
		["node@", undefined, undefined, undefined],
		["node@/server", undefined, undefined, undefined],
		["@/resource", undefined, undefined, undefined],
		["/resource", undefined, undefined, undefined],
		["node@@server", undefined, undefined, undefined],
		["a@b@c", undefined, undefined, undefined],
		["node@server/", undefined, undefined, undefined],
		["server/", undefined, undefined, undefined],
	])("%j", (text, node, host, resource) => {
		expect([...jid.split(text)]).toEqual([node, host, resource]);
		expect(jid.node(text)).toBe(node);
		expect(jid.host(text)).toBe(host);
		expect(jid.resource(text)).toBe(resource);
	});

	it("is undone by join", () => {
		const part = fc.string({ minLength: 1 }).filter((text) => !/[@/]/.test(text));
		fc.assert(fc.property(fc.option(part), part, fc.option(part), (node, host, resource) => {
			const joined = jid.join(node ?? undefined, host, resource ?? undefined);
			expect([...jid.split(joined)]).toEqual([node ?? undefined, host, resource ?? undefined]);
		}));
		expect(jid.join("node", undefined)).toBeUndefined();
	});

	it("leaves hostile names as they are", () => {
		for (const name of HOSTILE_NAMES.filter((text) => text !== "")) {
			expect([...jid.split(`${name}@${name}/${name}`)]).toEqual([name, name, name]);
		}
	});
});

describe("bare", () => {
	it("drops the resource", () => {
		expect(jid.bare("user@host/resource")).toBe("user@host");
		expect(jid.bare("host/resource")).toBe("host");
		expect(jid.bare("user@")).toBeUndefined();
		expect(jid.bare(undefined)).toBeUndefined();
	});
});

describe("prep", () => {
	it("normalises each part", () => {
		expect(jid.prep("USER@Example.COM/Resource")).toBe("user@example.com/Resource");
		expect([...jid.prepped_split("User@HOST.")]).toEqual(["user", "host", undefined]);
		expect(jid.prep("host")).toBe("host");
	});

	it("refuses what is invalid", () => {
		for (const bad of [undefined, "", "a b@host", "user@.", ".", "user@host/\x01", "a\"@host", "user@host/"]) {
			expect(jid.prep(bad)).toBeUndefined();
			expect([...jid.prepped_split(bad)]).toEqual([undefined, undefined, undefined]);
		}
	});
});

describe("compare", () => {
	it("holds the parts that a pattern has against a JID", () => {
		expect(jid.compare("user@host/res", "host")).toBe(true);
		expect(jid.compare("user@host/res", "user@host")).toBe(true);
		expect(jid.compare("user@host/res", "other@host")).toBe(false);
		expect(jid.compare("user@host/res", "host/res")).toBe(true);
		expect(jid.compare("user@host", "user@host/res")).toBe(false);
	});
});

describe("escaping (XEP-0106)", () => {
	it.each([
		["space cadet", "space\\20cadet"], ["d'artagnan", "d\\27artagnan"], ["at&t guy", "at\\26t\\20guy"],
		["c:\\net", "c\\3a\\net"], ["c:\\5commas", "c\\3a\\5c5commas"], ["\\20", "\\5c20"], ["a\\2Fb", "a\\2Fb"],
		["plain", "plain"],
		["/@<>\"", "\\2f\\40\\3c\\3e\\22"],
	])("%j", (plain, escaped) => {
		expect(jid.escape(plain)).toBe(escaped);
		expect(jid.unescape(escaped)).toBe(plain);
	});

	it("passes nil on", () => {
		expect(jid.escape(undefined)).toBeUndefined();
		expect(jid.unescape(undefined)).toBeUndefined();
	});
});
