import { describe, expect, it } from "vitest";
import { createTestMachine, HOSTILE_NAMES } from "./machine";
import { createLog } from "../../bridge/node/log";
import { createStorage } from "../../bridge/node/storage";
import { deserialize, preserialize, stanzaLibrary as st } from "../../bridge/node/stanza";
import type { Disk } from "../../bridge/api";

function setUp(disk?: Partial<Disk>) {
	const machine = createTestMachine();
	Object.assign(machine.disk, disk);
	return { machine, storage: createStorage(machine.disk, createLog(machine, "datamanager")) };
}

describe("a keyval store", () => {
	it("keeps data in Prosody's format", () => {
		const { machine, storage } = setUp();
		const store = storage.open("localhost", "cloud_notify");
		expect([...store.get("juliet")]).toEqual([undefined]);
		expect([...store.set("juliet", { "push.localhost<n1": { jid: "push.localhost", timestamp: 5 } })]).toEqual([true]);
		expect(machine.disk.read("localhost", "cloud_notify", "juliet")).toBe(
			"return {\n\t[\"push.localhost<n1\"] = {\n\t\t[\"jid\"] = \"push.localhost\";\n\t\t[\"timestamp\"] = 5;\n\t};\n};\n",
		);
		expect([...store.get("juliet")]).toEqual([{ "push.localhost<n1": { jid: "push.localhost", timestamp: 5 } }]);
		expect(Array.from(store.users())).toEqual(["juliet"]);
	});

	it("deletes what is empty", () => {
		const { machine, storage } = setUp();
		const store = storage.open("localhost", "s");
		for (const nothing of [undefined, {}, { a: undefined }, []]) {
			store.set("u", { a: 1 });
			expect([...store.set("u", nothing)]).toEqual([true]);
			expect(machine.disk.read("localhost", "s", "u")).toBeUndefined();
		}
	});

	it("gives what is its caller's own", () => {
		const { storage } = setUp();
		const store = storage.open("localhost", "s");
		store.set(undefined, { a: 1 });
		const [data] = store.get(undefined) as unknown as [Record<string, number>];
		data.a = 2;
		expect([...store.get(undefined)]).toEqual([{ a: 1 }]);
	});

	it("keeps stanzas", () => {
		const { storage } = setUp();
		const store = storage.open("localhost", "s");
		const stanza = st.stanza("x", { xmlns: "jabber:x:data" })
			.text("é").tag("field").text_tag("value", "1").up().text("\n");
		store.set("u", { options: preserialize(stanza), plain: true });
		const [data] = store.get("u") as unknown as [{ options: ReturnType<typeof preserialize> }];
		expect(String(deserialize(data.options))).toBe(String(stanza));
		store.set("u", data);
		expect([...store.get("u")]).toEqual([data]);
	});

	it("has tables without inherited members", () => {
		const { storage } = setUp();
		const store = storage.open("localhost", "s");
		store.set("u", { a: 1 });
		const [data] = store.get("u") as unknown as [Record<string, unknown>];
		for (const name of HOSTILE_NAMES) expect(data[name]).toBeUndefined();
		for (const name of HOSTILE_NAMES) store.set(name, { [name]: name });
		for (const name of HOSTILE_NAMES) expect((store.get(name)[0] as Record<string, unknown>)[name]).toBe(name);
	});

	it("says and logs when reading fails", () => {
		const { machine, storage } = setUp();
		machine.disk.write("localhost", "s", "u", "return { os.exit() };");
		expect([...storage.open("localhost", "s").get("u")]).toEqual([undefined, "Error reading storage"]);
		expect(machine.entries[0]).toMatchObject({ source: "datamanager", level: "error" });
		expect(machine.entries[0]!.message)
			.toBe("Failed to load s storage ('s:1: '=' expected near '.'') for user: u@localhost");
	});

	it("says and logs when writing fails", () => {
		const { machine, storage } = setUp({
			write() {
				throw new Error("disk full");
			},
		});
		expect([...storage.open("localhost", "s").set(undefined, { a: 1 })]).toEqual([undefined, "Error saving to storage"]);
		expect(machine.entries[0]!.message).toBe("Unable to write to s storage ('disk full') for user: nil@localhost");
	});

	it("throws for what it cannot keep", () => {
		const store = setUp().storage.open("localhost", "s");
		expect(() => store.set("u", { stanza: st.message() })).toThrow("Can't serialize");
	});
});

describe("a map store", () => {
	it("keeps keys of the same data", () => {
		const { storage } = setUp();
		const map = storage.open("localhost", "s", "map");
		expect([...map.get("u", "a")]).toEqual([undefined, undefined]);
		map.set("u", "a", 1);
		map.set("u", "b", { c: 2 });
		expect([...map.get("u", "b")]).toEqual([{ c: 2 }]);
		expect([...storage.open("localhost", "s").get("u")]).toEqual([{ a: 1, b: { c: 2 } }]);
		map.set("u", "a", undefined);
		map.set("u", "b", undefined);
		expect([...storage.open("localhost", "s").get("u")]).toEqual([undefined]);
	});

	it("takes any key", () => {
		const map = setUp().storage.open("localhost", "s", "map");
		for (const name of HOSTILE_NAMES) {
			expect(map.get("u", name)[0]).toBeUndefined();
			map.set("u", name, `v${name}`);
		}
		for (const name of HOSTILE_NAMES) expect(map.get("u", name)[0]).toBe(`v${name}`);
	});

	it("does not write over what it cannot read", () => {
		const { machine, storage } = setUp();
		const map = storage.open("localhost", "s", "map");
		machine.disk.write("localhost", "s", "u", "return {");
		expect([...map.get("u", "a")]).toEqual([undefined, "Error reading storage"]);
		expect([...map.set("u", "a", 1)]).toEqual([undefined, "Error reading storage"]);
		machine.disk.write("localhost", "s", "list", "return { 'a' };");
		expect([...map.set("list", "a", 1)]).toEqual([undefined, "The store holds no table of keys"]);
		expect(machine.disk.read("localhost", "s", "u")).toBe("return {");
	});
});

describe("the storage", () => {
	it("has no other stores", () => {
		expect(() => setUp().storage.open("localhost", "s", "archive")).toThrow("no stores of type \"archive\"");
	});
});
