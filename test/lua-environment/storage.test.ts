import { describe, expect, it } from "vitest";
import { bootEnvironment, createMachine } from "./environment";
import { createMemoryDisk } from "../../bridge/node/disk";

const OPEN = 'local open = require "core.storagemanager".open; ';

describe("stores", () => {
	it("keep data as text in Prosody's format", () => {
		const { run, machine } = bootEnvironment();
		expect(run(`${OPEN} return open("localhost", "cloud_notify"):set("juliet", {
			["push.localhost<n1"] = { jid = "push.localhost", timestamp = os.time(), list = { "a", "b" } };
		})`)).toBe(true);
		expect(machine.disk.read("localhost", "cloud_notify", "juliet")).toBe([
			"return {",
			'\t["push.localhost<n1"] = {',
			'\t\t["jid"] = "push.localhost";',
			'\t\t["timestamp"] = 1700000000;',
			'\t\t["list"] = {',
			'\t\t\t"a";',
			'\t\t\t"b";',
			"\t\t};",
			"\t};",
			"};\n",
		].join("\n"));
	});

	it("give back what was stored, after a restart too", () => {
		const disk = createMemoryDisk();
		bootEnvironment(createMachine({ disk })).run(`${OPEN}
			open("localhost", "test"):set("__proto__", { text = "\\255\\0ü", number = 2^40, [false] = true });
			open("localhost", "test"):set(nil, { host = true });`);
		const { run } = bootEnvironment(createMachine({ disk }));
		expect(run(`${OPEN} local data = open("localhost", "test"):get("__proto__");
			return data.text == "\\255\\0ü" and data.number == 2^40 and data[false]`)).toBe(true);
		expect(run(`${OPEN} return open("localhost", "test"):get(nil).host`)).toBe(true);
		expect(run(`${OPEN} return open("localhost", "test"):get("length")`)).toBe(undefined);
	});

	it("delete what is nil or empty", () => {
		const { run, machine } = bootEnvironment();
		for (const nothing of ["nil", "{}"]) {
			machine.disk.write("localhost", "test", "juliet", 'return { "x" };\n');
			expect(run(`${OPEN} return open("localhost", "test"):set("juliet", ${nothing})`)).toBe(true);
			expect(machine.disk.read("localhost", "test", "juliet")).toBe(undefined);
		}
	});

	it.each([
		["no Lua", "return {"], ["an error when run", "return nil + 1"], ["a call", "return os.time()"],
		["bytecode", "\u001bLua"],
	])("answer nil and a message for a corrupt file: %s", (_what, text) => {
		const { run, machine } = bootEnvironment();
		machine.disk.write("localhost", "test", "juliet", text);
		expect(run(`${OPEN} local data, err = open("localhost", "test"):get("juliet"); return tostring(data)..": "..err`))
			.toBe("nil: Error reading storage");
		expect(machine.logged.at(-1)).toMatchObject({ source: "datamanager", level: "error" });
	});

	it("answer nil and a message if the disk fails", () => {
		const failing = { ...createMemoryDisk(), write: () => { throw new Error("disk full"); } };
		const { run, machine } = bootEnvironment(createMachine({ disk: failing }));
		expect(run(`${OPEN} local ok, err = open("localhost", "test"):set("juliet", { 1 }); return tostring(ok)..": "..err`))
			.toBe("nil: Error saving to storage");
		expect(machine.logged.at(-1)!.message).toContain("disk full");
	});

	it("raise what cannot be stored", () => {
		expect(() => bootEnvironment().run(`${OPEN} open("localhost", "test"):set("juliet", { print })`)).toThrow();
	});

	it("list their users", () => {
		expect(bootEnvironment().run(`${OPEN}
			local store, users = open("localhost", "test"), {};
			store:set("romeo", { 1 }); store:set("juliet", { 1 }); store:set(nil, { 1 });
			for user in store:users() do table.insert(users, user); end
			return table.concat(users, " ")`)).toBe("juliet romeo");
	});

	it("of type map are where the keyval store of the name is", () => {
		const { run } = bootEnvironment();
		expect(run(`${OPEN}
			map, keyval = open("localhost", "test", "map"), open("localhost", "test");
			assert(map:set("juliet", "a", { 1 }) and map:set("juliet", "b", false) and map:set("romeo", "a", 2));
			return map:get("juliet", "a")[1] == 1 and map:get("juliet", "b") == false and keyval:get("juliet").a[1] == 1`,
		)).toBe(true);
		expect(run('return map:get("nobody", "a")')).toBe(undefined);
		expect(run('return map:get_all("a").romeo')).toBe(2);
		expect(run('assert(map:delete_all("a")); return keyval:get("romeo") == nil and keyval:get("juliet").b == false'))
			.toBe(true);
		expect(run('return select(2, map:get_all(""))')).toContain("non-empty");
	});

	it("of a type that is not there store nothing", () => {
		expect(bootEnvironment().run(`${OPEN}
			return select(2, open("localhost", "archive", "archive"):append("juliet", nil, {}))`))
			.toBe("no data storage active");
	});

	it("can be replaced by a handler, and provided by a module", () => {
		expect(bootEnvironment().run(`${OPEN}
			hosts.localhost.events.add_handler("store-opened", function (event) event.store = event.store_name; end);
			return open("localhost", "test")`)).toBe("test");
		expect(bootEnvironment(createMachine({ options: { storage: '{ test = "mine" }' } })).run(`${OPEN}
			boot.load("storage_mine", function (module)
				module:provides("storage", { open = function (_, store, kind) return store..tostring(kind); end });
			end);
			return open("localhost", "test", "map")`)).toBe("testmap");
	});
});
