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

	it("of type keyval+ are both", () => {
		const { run } = bootEnvironment();
		expect(run(`${OPEN}
			both = open("localhost", "test", "keyval+");
			assert(both:set("juliet", { a = 1, b = 2 }) and both:set_key("romeo", "a", 3));
			assert(both:set_keys("juliet", { b = both.remove }));
			local users = {};
			for user in both:items() do table.insert(users, user); end
			return table.concat(users, " ")`)).toBe("juliet romeo");
		expect(run('return both:get("juliet").b == nil and both:get_key("juliet", "a") == 1')).toBe(true);
		expect(run('return both:get_key_from_all("a").romeo')).toBe(3);
		expect(run('assert(both:delete_key_from_all("a")); return both:get("juliet")')).toBe(undefined);
	});

	it("that no module provides store nothing, which is logged", () => {
		const { run, machine } = bootEnvironment(createMachine({ options: { storage: '"moon"' } }));
		expect(run(`${OPEN} return select(2, open("localhost", "test"):get("juliet"))`)).toBe("no data storage active");
		expect(machine.logged).toContainEqual(expect.objectContaining({
			source: "storagemanager", level: "error",
			message: "Failed to load storage driver plugin moon on localhost: there is no module of this name",
		}));
	});

	it("are what those mean who use the data manager", () => {
		const { run, machine } = bootEnvironment(createMachine({ options: { storage: '{ test = "null" }' } }));
		expect(run(`local datamanager = require "util.datamanager"; require "core.storagemanager";
			return select(2, datamanager.store("juliet", "localhost", "test", { 1 }))`)).toBe("no data storage active");
		expect(run(`return require "core.storagemanager".olddm.store("juliet", "localhost", "test", { 1 })`)).toBe(true);
		expect(machine.disk.users("localhost", "test")).toEqual(["juliet"]);
	});
});

describe("lists of the data manager", () => {
	const DATAMANAGER = 'local datamanager = require "util.datamanager"; ';

	it("grow, in Prosody's format", () => {
		const { run, machine } = bootEnvironment();
		expect(run(`${DATAMANAGER}
			for id = 1, 3 do assert(datamanager.list_append("juliet", "localhost", "archive", { id = id })); end
			return #datamanager.list_load("juliet", "localhost", "archive")`)).toBe(3);
		expect(machine.disk.read("localhost", "archive", "juliet", "list"))
			.toBe([1, 2, 3].map((id) => `item({\n\t["id"] = ${id};\n});\n`).join(""));
		expect(run(`${DATAMANAGER} return datamanager.load("juliet", "localhost", "archive")`)).toBe(undefined);
	});

	it("lose their first items, or all", () => {
		const { run, machine } = bootEnvironment();
		expect(run(`${DATAMANAGER}
			assert(datamanager.list_store("juliet", "localhost", "archive", { "a", "b", "c" }));
			assert(datamanager.list_shift("juliet", "localhost", "archive", 3));
			return datamanager.list_open("juliet", "localhost", "archive")[1]`)).toBe("c");
		expect(run(`${DATAMANAGER}
			assert(datamanager.list_store("juliet", "localhost", "archive", nil));
			return datamanager.list_load("juliet", "localhost", "archive")`)).toBe(undefined);
		expect(machine.disk.users("localhost", "archive", "list")).toEqual([]);
	});

	it("answer nil and a message for a corrupt file", () => {
		const { run, machine } = bootEnvironment();
		machine.disk.write("localhost", "archive", "juliet", "item(", "list");
		expect(run(`${DATAMANAGER} return select(2, datamanager.list_load("juliet", "localhost", "archive"))`))
			.toBe("Error reading storage");
	});

	it("have Prosody's paths", () => {
		expect(bootEnvironment().run(`${DATAMANAGER}
			datamanager.set_data_path("/var/lib/prosody");
			return datamanager.getpath("o'neil", "push.example", "cloud_notify", "list")`))
			.toBe("/var/lib/prosody/push%2eexample/cloud_notify/o%27neil.list");
	});
});
