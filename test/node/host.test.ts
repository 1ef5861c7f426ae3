import { describe, expect, it } from "vitest";
import { createTestMachine, HOSTILE_NAMES } from "./machine";
import { createNodeHost } from "../../bridge/node";
import type { Libraries } from "../../bridge/api/libraries";

describe("the Node host", () => {
	it("has the host localhost", () => {
		const { prosody } = createNodeHost(createTestMachine());
		expect(Object.keys(prosody.hosts)).toEqual(["localhost"]);
		expect(prosody.hosts.localhost).toMatchObject({ host: "localhost", type: "local", sessions: {} });
		expect(prosody.version).toBe("0.12.3");
	});

	it("has hosts beside it", () => {
		const { prosody, create_host } = createNodeHost(createTestMachine());
		const activated: unknown[] = [];
		prosody.events.add_handler("host-activated", (name) => void activated.push(name));
		create_host("push.localhost", "component");
		expect(activated).toEqual(["push.localhost"]);
		expect(prosody.hosts["push.localhost"]).toMatchObject({ host: "push.localhost", type: "component" });
		expect("sessions" in prosody.hosts["push.localhost"]!).toBe(false);
		expect(() => create_host("push.localhost", "component")).toThrow("exists already");
		for (const name of HOSTILE_NAMES) create_host(name, "local");
		expect(prosody.hosts.__proto__!.host).toBe("__proto__");
	});

	it("has tables without inherited members", () => {
		const { prosody, table } = createNodeHost(createTestMachine());
		const { hosts, full_sessions, bare_sessions } = prosody;
		const tables = [hosts, full_sessions, bare_sessions, hosts.localhost!.sessions, table({})];
		for (const members of tables as Record<string, unknown>[]) {
			for (const name of HOSTILE_NAMES) {
				expect(members[name]).toBeUndefined();
				members[name] = name;
				expect(members[name]).toBe(name);
			}
		}
	});

	it("makes tables of fields, and leaves lists and others alone", () => {
		const { table, require } = createNodeHost(createTestMachine());
		const fields = { a: 1, b: undefined };
		expect(table(fields)).toEqual({ a: 1, b: undefined });
		const list = [1];
		expect(table(list)).toBe(list);
		const stanza = require("util.stanza").message();
		expect(table(stanza)).toBe(stanza);
	});

	it("answers both spellings of a library", () => {
		const { require } = createNodeHost(createTestMachine());
		expect(require("prosody.util.stanza")).toBe(require("util.stanza"));
		for (const name of ["util.missing", "constructor", "__proto__"]) {
			expect(() => require(name as keyof Libraries)).toThrow(`no library ${JSON.stringify(name)}`);
		}
	});

	it("sends through the router that a server brings", () => {
		const { prosody, require } = createNodeHost(createTestMachine());
		const stanza = require("util.stanza").message();
		expect(() => prosody.core_post_stanza(prosody.hosts.localhost!, stanza)).toThrow("no server on this host yet");
		const routed: unknown[] = [];
		prosody.core_route_stanza = (origin, sent) => routed.push(origin, sent);
		expect(prosody.hosts.localhost!.send(stanza)).toBe(true);
		expect(routed).toEqual([undefined, stanza]);
	});

	it("takes no option that is no Lua literal", () => {
		const create = () => createNodeHost(createTestMachine({ broken: "}" }));
		expect(create).toThrow("option broken:1: unexpected symbol near '}'");
	});

	it("lets go of its timers, and of no other instance's", () => {
		const machine = createTestMachine();
		const old = createNodeHost(machine);
		const fresh = createNodeHost(machine);
		const seen: string[] = [];
		old.require("util.timer").add_task(1, () => void seen.push("old"));
		old.require("util.watchdog").new(1, () => void seen.push("old watchdog"));
		old.load("m", { typescript: (module) => void module.add_timer(1, () => void seen.push("old module")) });
		fresh.require("util.timer").add_task(1, () => void seen.push("fresh"));
		old.stop();
		machine.clock.advance(10);
		expect(seen).toEqual(["fresh"]);
	});

	it("finds stored data again after a restart", () => {
		const machine = createTestMachine();
		createNodeHost(machine).load("m", { typescript: (module) => void module.open_store().set("juliet", { a: 1 }) });
		const found: unknown[] = [];
		createNodeHost(machine).load("m", { typescript: (module) => void found.push(module.open_store().get("juliet")[0]) });
		expect(found).toEqual([{ a: 1 }]);
	});
});
