import { describe, expect, it } from "vitest";
import { parse, problem } from "./script";
import { parseLaneSelector, selects } from "../../bridge/scenario";

const withTags = (tags: string) => `${tags}\n-----\nlocalhost restarts\n`;

describe("tags", () => {
	it("are all read", () => {
		const scenario = parse(withTags([
			"## module: cloud_notify", "## module: smacks", "## with: cloud_notify_filters", "##option: push_max_devices = 2",
			"## option: list = { \"a\", \"b\" }", "## prosody: 13.0", "## needs: util.crypto or openssl.cipher", "## needs: util.ip",
			"## virtual-time", "## not-on: prosody", "## not-on: lua@fengari",
			"## known-difference: original@fengari/13.0 leak", "## known-difference: lua@prosody other",
		].join("\n")));
		expect(scenario.modules).toEqual(["cloud_notify", "smacks"]);
		expect(scenario.others).toEqual(["cloud_notify_filters"]);
		expect({ ...scenario.options }).toEqual({ push_max_devices: "2", list: "{ \"a\", \"b\" }" });
		expect(Object.getPrototypeOf(scenario.options)).toBeNull();
		expect(scenario.prosody).toBe("13.0");
		expect(scenario.needs).toEqual([["util.crypto", "openssl.cipher"], ["util.ip"]]);
		expect(scenario.virtualTime).toBe(true);
		expect(scenario.notOn).toEqual([
			{ text: "prosody", lanes: ["lua@prosody", "original@prosody"] },
			{ text: "lua@fengari", lanes: ["lua@fengari"] },
		]);
		expect(scenario.knownDifferences).toEqual([
			{ lane: { text: "original@fengari/13.0", lanes: ["original@fengari"], series: "13.0" }, id: "leak" },
			{ lane: { text: "lua@prosody", lanes: ["lua@prosody"] }, id: "other" },
		]);
	});

	it("need not be there", () => {
		const { modules, others, options, prosody, needs, virtualTime, notOn, knownDifferences } = parse(withTags(""));
		expect(prosody).toBeUndefined();
		expect({ modules, others, options: { ...options }, needs, virtualTime, notOn, knownDifferences })
			.toEqual({ modules: [], others: [], options: {}, needs: [], virtualTime: false, notOn: [], knownDifferences: [] });
	});

	it("say which addresses a name has", () => {
		const { dns } = parse(withTags("## dns: push.example = 192.0.2.1\n## dns: both.example = 127.0.0.1, ::1\n## dns: __proto__ = ::1"));
		expect(Object.entries(dns)).toEqual([
			["push.example", ["192.0.2.1"]], ["both.example", ["127.0.0.1", "::1"]], ["__proto__", ["::1"]],
		]);
		expect(problem(withTags("## dns: a = ::1\n## dns: a = ::2"))).toBe("test.scs:2: the addresses of a were said before");
	});

	it("may set an option called __proto__", () => {
		expect(Object.entries(parse(withTags("## option: __proto__ = 1")).options)).toEqual([["__proto__", "1"]]);
		expect(problem(withTags("## option: __proto__ = 1\n## option: __proto__ = 2")))
			.toBe("test.scs:2: the option __proto__ was set before");
	});

	it.each([
		["## modul: x", "unknown tag \"modul\", expected one of module, with, option, dns, prosody, needs, virtual-time, not-on, known-difference"],
		["## constructor: x", "unknown tag \"constructor\", expected one of "
			+ "module, with, option, dns, prosody, needs, virtual-time, not-on, known-difference"],
		["## module", "expected the name of a module, got \"\""],
		["## module: a b", "expected the name of a module, got \"a b\""],
		["## module: mod_cloud_notify", "expected the name of a module without mod_, got \"mod_cloud_notify\""],
		["## with: a b", "expected the name of a module, got \"a b\""],
		["## with: mod_filters", "expected the name of a module without mod_, got \"mod_filters\""],
		["## with: filters", "expected a module under test (## module: NAME) before filters, which is loaded after it"],
		["## option: push_max_devices", "expected NAME = LUA LITERAL, got \"push_max_devices\""],
		["## option: 1x = 2", "expected NAME = LUA LITERAL, got \"1x = 2\""],
		["## option: x =", "expected NAME = LUA LITERAL, got \"x =\""],
		["## dns: push.example", "expected NAME = ADDRESS, ADDRESS, got \"push.example\""],
		["## dns: push.example = ", "expected NAME = ADDRESS, ADDRESS, got \"push.example =\""],
		["## dns: push.example = 127.1", "expected NAME = ADDRESS, ADDRESS, got \"push.example = 127.1\""],
		["## dns: push.example = ::1,", "expected NAME = ADDRESS, ADDRESS, got \"push.example = ::1,\""],
		["## prosody: 13", "\"13\" is no series of Prosody, expected 0.12 or 13.0"],
		["## prosody", "\"\" is no series of Prosody, expected 0.12 or 13.0"],
		["## needs", "expected LIBRARY or LIBRARY or …, such as util.crypto, got \"\""],
		["## needs: util.crypto, util.ip", "expected LIBRARY or LIBRARY or …, such as util.crypto, got \"util.crypto, util.ip\""],
		["## needs: util.crypto or", "expected LIBRARY or LIBRARY or …, such as util.crypto, got \"util.crypto or\""],
		["## virtual-time: yes", "virtual-time takes no value, got \"yes\""],
		["## not-on: moon", "\"moon\" is no lane, expected one of ts@node, ts@fengari, lua@fengari, original@fengari, "
			+ "lua@prosody, original@prosody, or a host: node, fengari, prosody"],
		["## not-on: ts@prosody", "\"ts@prosody\" is no lane, expected one of ts@node, ts@fengari, lua@fengari, "
			+ "original@fengari, lua@prosody, original@prosody, or a host: node, fengari, prosody"],
		["## known-difference: original@fengari", "expected LANE ID, got \"original@fengari\""],
		["## known-difference: fengari x", "\"fengari\" is no lane, expected one of ts@node, ts@fengari, lua@fengari, "
			+ "original@fengari, lua@prosody, original@prosody"],
		["## known-difference: original@fengari/13 x", "\"13\" is no series of Prosody, expected 0.12 or 13.0"],
		["## known-difference: ts@node/13.0 x",
			"\"ts@node/13.0\": only lanes with the original or with Prosody itself have a series"],
	])("%s", (tag, message) => {
		expect(problem(withTags(`\n${tag}`))).toBe(`test.scs:2: ${message}`);
	});

	it.each(["f()", "{", "1 2", "nil nil", "return 1"])("refuse %s as an option", (literal) => {
		expect(problem(withTags(`## option: x = ${literal}`))).toMatch(/^test\.scs:1: expected a Lua literal for x, got /);
	});

	it("may not be said twice, where that makes no sense", () => {
		expect(problem(withTags("## prosody: 0.12\n## prosody: 13.0"))).toBe("test.scs:2: prosody: 0.12 was said before");
		expect(problem(withTags("## module: a\n## module: a"))).toBe("test.scs:2: the module a was named before");
		expect(problem(withTags("## module: a\n## with: a"))).toBe("test.scs:2: the module a was named before");
		expect(problem(withTags("## module: a\n## with: b\n## with: b"))).toBe("test.scs:3: the module b was named before");
		expect(problem(withTags("## module: a\n## with: b\n## module: b"))).toBe("test.scs:3: the module b was named before");
	});

	it("stand above the steps", () => {
		expect(problem("---\n## virtual-time\nlocalhost restarts"))
			.toBe("test.scs:2: expected tags (##) only above the line of dashes");
	});

	it("are not what more or fewer hashes begin", () => {
		expect(parse("# title: x\n### x: y\n##########\n##\n---\nlocalhost restarts").title).toBe("title: x");
	});
});

describe("a lane of a tag", () => {
	it("means a lane, of a series if it says one", () => {
		const of13 = parseLaneSelector("original@fengari/13.0", true);
		expect(selects(of13, "original@fengari", "13.0.1")).toBe(true);
		expect(selects(of13, "original@fengari", "13.0")).toBe(true);
		expect(selects(of13, "original@fengari", "13.05")).toBe(false);
		expect(selects(of13, "original@fengari", "0.12.3")).toBe(false);
		expect(selects(of13, "original@fengari")).toBe(false);
		expect(selects(of13, "original@prosody", "13.0.1")).toBe(false);
		expect(selects(parseLaneSelector("prosody/0.12", true), "lua@prosody", "0.12.3")).toBe(true);
		expect(selects(parseLaneSelector("ts@node", true), "ts@node")).toBe(true);
	});
});
