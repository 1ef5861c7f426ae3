import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EventPayload, Host, ModuleApi, ProsodyModule, Session, Stanza } from "../../bridge/api";
import { createFengariHost } from "../../bridge/fengari";
import { createMachine, type TestMachine } from "./machine";

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "fengari-")); });
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

function createHost(options: Record<string, string> = {}): { host: Host; machine: TestMachine } {
	const machine = createMachine(options);
	return { host: createFengariHost(machine), machine };
}

/** Loads a TypeScript module and gives what it sees. */
function loaded(host: Host, run: (module: ModuleApi) => void = () => {}): ModuleApi {
	let seen: ModuleApi | undefined;
	const mod_seen: ProsodyModule = (module) => {
		seen = module;
		run(module);
	};
	host.load("seen", { typescript: mod_seen });
	return seen!;
}

function thrownBy(action: () => unknown): Error {
	try {
		action();
	} catch (error) {
		return error as Error;
	}
	throw new Error("nothing was thrown");
}

describe("libraries", () => {
	it("are the same under both names", () => {
		const { host } = createHost();
		expect(host.require("prosody.util.stanza")).toBe(host.require("util.stanza"));
		expect(() => host.require("util.nonsense" as "util.stanza")).toThrow("module 'util.nonsense' not found");
	});

	it("give several results and nil as their types say", () => {
		const { host } = createHost();
		const jid = host.require("util.jid");
		const [node, domain, resource] = jid.split("juliet@localhost/phone");
		expect([node, domain, resource]).toEqual(["juliet", "localhost", "phone"]);
		expect(jid.bare("juliet@localhost/phone")).toBe("juliet@localhost");
		expect(jid.split(undefined)[0]).toBeUndefined();
		expect(host.require("util.encodings").base64.encode("ü")).toBe("w7w=");
		expect(host.require("util.hashes").sha256("", true)).toMatch(/^e3b0c442/);
		const random = host.require("util.random").bytes(300);
		expect(host.require("util.encodings").base64.encode(random)).toHaveLength(400);
	});

	it("build and take apart stanzas", () => {
		const { host } = createHost();
		const st = host.require("util.stanza");
		const message = st.message({ to: "juliet@localhost", type: "chat" })
			.tag("body").text("Hello ☎").up()
			.tag("x", { xmlns: "urn:x" }).tag("y", { n: "1" }).up().tag("y", { n: "2" });
		expect(st.is_stanza(message)).toBe(true);
		expect(st.is_stanza({})).toBe(false);
		expect(message.name).toBe("message");
		expect(message.attr["to"]).toBe("juliet@localhost");
		message.attr["id"] = "m1";
		expect(message.get_child_text("body")).toBe("Hello ☎");
		const numbers: (string | undefined)[] = [];
		for (const y of message.get_child("x", "urn:x")!.childtags("y")) numbers.push(y.attr["n"]);
		expect(numbers).toEqual(["1", "2"]);
		expect([...message.children()]).toHaveLength(2);
		expect(message.tags.map((tag) => tag.name)).toEqual(["body", "x"]);
		expect(message.tags[0]).toBe(message.get_child("body"));
		expect(String(message)).toContain("<body>Hello ☎</body>");
		const reply = st.error_reply(message, "cancel", "item-not-found", "gone");
		const [type, condition, text] = reply.get_error();
		expect([type, condition, text]).toEqual(["cancel", "item-not-found", "gone"]);
		message.maptags((tag) => tag.name === "x" ? undefined : tag);
		expect(message.tags.length).toBe(1);
		expect(() => st.stanza("a b")).toThrow("invalid tag name");
		const copy = st.deserialize(st.preserialize(message));
		expect(String(copy)).toBe(String(message));
		const serialized = st.preserialize(message);
		expect(serialized.name).toBe("message");
		expect(serialized).toMatchObject({ 0: { name: "body", 0: "Hello ☎" } });
	});

	it("make forms with a title, which stands beside the fields", () => {
		const { host } = createHost();
		const layout = Object.assign([{ name: "a", type: "text-single" as const }], { title: "A form", instructions: "Fill it in" });
		const form = host.require("util.dataforms").new(layout).form();
		expect(form.get_child_text("title")).toBe("A form");
		expect(form.get_child_text("instructions")).toBe("Fill it in");
		expect(form.get_child("field")?.attr["var"]).toBe("a");
	});

	it("make forms, sets and caches", () => {
		const { host } = createHost();
		const form = host.require("util.dataforms").new([
			{ name: "FORM_TYPE", type: "hidden", value: "urn:xmpp:push:summary" },
			{ name: "message-count", type: "text-single" },
		]);
		const element = form.form({ "message-count": "1" });
		expect(element.attr["xmlns"]).toBe("jabber:x:data");
		const [data, errors] = form.data(element);
		expect(data["message-count"]).toBe("1");
		expect(errors).toBeUndefined();
		const set = host.require("util.set").new(["a", "b"]);
		expect([...set.items()].sort()).toEqual(["a", "b"]);
		expect(set.contains("a")).toBe(true);
		const evicted: [string, number][] = [];
		const cache = host.require("util.cache").new<number>(1, (key, value) => { evicted.push([key, value]); });
		expect(cache.set("one", 1)).toBe(true);
		cache.set("two", 2);
		expect(evicted).toEqual([["one", 1]]);
		expect([...cache.items()]).toEqual([["two", 2]]);
		expect(cache.get("two")).toBe(2);
	});
});

describe("tables of the host", () => {
	it("are Lua tables, with functions called as Prosody calls them", () => {
		const { host } = createHost();
		const sent: unknown[] = [];
		const session = host.table({
			type: "c2s",
			send: (stanza: Stanza) => { sent.push(stanza); return true; },
			close(this: Session, reason?: unknown) { sent.push([this.type, reason]); },
			list: host.table(["a", "b"]),
		} as unknown as Session & { list: string[] });
		host.load("t", { lua: file("mod_t.lua", `
			module:hook("t", function (event)
				local session = event.session
				session.send(event.stanza)
				session:close("over")
				return rawget(session, "type") .. #session.list .. rawget(session.list, 2)
			end)`) });
		const stanza = host.require("util.stanza").stanza("x");
		const fired = loaded(host).fire_event("t", { session, stanza });
		expect(fired).toBe("c2s2b");
		expect(sent).toEqual([stanza, ["c2s", "over"]]);
		expect(sent[0]).toBe(stanza);
	});

	it("keyed by names that users choose have no other names", () => {
		const { host } = createHost();
		const { sessions } = host.prosody.hosts["localhost"]!;
		expect(host.prosody.hosts["localhost"]!.type).toBe("local");
		for (const name of ["__proto__", "constructor", "length", "5", "0", "map"]) {
			expect(sessions[name]).toBeUndefined();
			sessions[name] = host.table({ sessions: host.table({}) });
			expect(Object.keys(sessions)).toEqual([name]);
			expect(sessions[name]!.sessions["length"]).toBeUndefined();
			delete sessions[name];
		}
	});
});

describe("a TypeScript module", () => {
	it("is loaded, reloaded with its state, and unloaded", () => {
		const { host } = createHost();
		const calls: string[] = [];
		const mod_life: ProsodyModule = (module, prosody, require) => {
			calls.push(`run ${module.name} ${module.host} ${module.get_name()}`);
			expect(prosody).toBe(host.prosody);
			expect(require("util.jid")).toBe(host.require("util.jid"));
			let state = new Map([["count", 0]]);
			module.load = () => { calls.push("load"); };
			module.unload = () => { calls.push("unload"); };
			module.save = () => { calls.push("save"); return { state }; };
			module.restore = (saved) => {
				({ state } = saved as { state: typeof state });
				calls.push(`restore ${state.get("count")}`);
			};
			state.set("count", state.get("count")! + 1);
		};
		host.load("life", { typescript: mod_life });
		host.reload("life");
		host.unload("life");
		expect(calls).toEqual([
			"run life localhost life", "load", "save", "unload", "run life localhost life", "load", "restore 1", "unload",
		]);
		expect(() => host.unload("life")).toThrow("mod_life");
		expect(() => host.reload("life")).toThrow("mod_life");
	});

	it("and a Lua module have one event in common", () => {
		const { host } = createHost();
		const order: string[] = [];
		const path = file("mod_lua_side.lua", `
			module:hook("shared-event", function (event)
				event.trail = event.trail.."lua "
				event.stanza.attr.lua = "was here"
				event.session.from_lua = { deep = true }
				if event.stop then return "lua's result"; end
			end, 5)
			module:hook("lua-fires", function (event)
				local inner = { value = 1 }
				local result = module:fire_event("typescript-answers", inner)
				return result..inner.value..tostring(inner.extra.list[2])
			end)`);
		host.load("lua_side", { lua: path });
		const module = loaded(host, (module) => {
			module.hook("shared-event", (event) => { event["trail"] += "first "; order.push("first"); return undefined; }, 10);
			module.hook("shared-event", (event) => {
				event["trail"] += "last ";
				expect((event["stanza"] as Stanza).attr["lua"]).toBe("was here");
				return "typescript's result";
			});
			module.hook("typescript-answers", (event) => {
				event["value"] = 2;
				event["extra"] = { list: ["a", "b"] };
				return "answer ";
			});
		});
		const stanza = host.require("util.stanza").message({ to: "x" });
		const session: Record<string, unknown> = host.table({});
		const event: EventPayload<"shared-event"> = { trail: "", stanza, session };
		expect(module.fire_event("shared-event", event)).toBe("typescript's result");
		expect(event["trail"]).toBe("first lua last ");
		expect(session["from_lua"]).toEqual({ deep: true });
		expect(module.fire_event("shared-event", { ...event, trail: "", stop: true })).toBe("lua's result");
		expect(module.fire_event("lua-fires", {})).toBe("answer 2b");
		expect(order).toHaveLength(2);
	});

	it("unhooks what it hooked", () => {
		const { host } = createHost();
		let calls = 0;
		const module = loaded(host);
		const handler = (): void => { calls++; };
		module.hook("x", handler);
		module.fire_event("x", {});
		module.unhook("x", handler);
		module.fire_event("x", {});
		expect(calls).toBe(1);
		host.prosody.events.add_handler("y", handler);
		host.prosody.events.fire_event("y");
		host.prosody.events.remove_handler("y", handler);
		host.prosody.events.fire_event("y");
		expect(calls).toBe(2);
	});

	it("has options, stores, timers and shared tables", () => {
		const { host, machine } = createHost({ limit: "5", names: '{ "a", "b" }', flags: "{ x = { 1, 2 } }" });
		const module = loaded(host);
		expect(module.get_option_number("limit", 1)).toBe(5);
		expect([...module.get_option_array("names")!]).toEqual(["a", "b"]);
		expect([...module.get_option_set("names")!.items()].sort()).toEqual(["a", "b"]);
		expect(module.get_option_string("missing", "preset")).toBe("preset");
		const store = module.open_store<Record<string, { node: string }>>("things");
		expect(store.get("juliet")[0]).toBeUndefined();
		expect(store.set("juliet", { length: { node: "n" }, "5": { node: "ü" } })).toEqual([true]);
		const [data] = store.get("juliet");
		expect(Object.keys(data!).sort()).toEqual(["5", "length"]);
		expect(data!["5"]!.node).toBe("ü");
		expect([...store.users()]).toEqual(["juliet"]);
		const map = module.open_store<{ node: string }>("things", "map");
		expect(map.get("juliet", "length")[0]).toEqual({ node: "n" });
		const ticks: number[] = [];
		module.add_timer(2, (now) => { ticks.push(now); return ticks.length < 2 ? 3 : undefined; });
		machine.clock.advance(10);
		expect(ticks).toEqual([1_700_000_002, 1_700_000_005]);
		expect(module.shared("here")).toBe(module.shared("here"));
		module.log("info", "%s and %d", "text", 5);
		expect(machine.logged.at(-1)).toMatchObject({ at: 1_700_000_010, level: "info", message: "text and 5" });
	});

	it("sends an IQ and hears of its answer", () => {
		const { host, machine } = createHost();
		const module = loaded(host);
		const st = host.require("util.stanza");
		const answers: unknown[] = [];
		module.send_iq(st.iq({ type: "get", to: "nowhere.example", id: "q1" }))
			.next(({ stanza }) => { answers.push(stanza.attr["type"]); }, (error) => { answers.push(error.condition); });
		machine.clock.advance(200);
		expect(answers).toHaveLength(1);
	});
});

describe("what goes wrong while loading", () => {
	it("in a TypeScript module is said with the module's name and both tracebacks", () => {
		const { host } = createHost();
		function failsDeepInside(): never {
			throw new RangeError("cannot go on");
		}
		const error = thrownBy(() => host.load("bad", { typescript: () => failsDeepInside() }));
		expect(error.message).toContain("mod_bad");
		expect(error.message).toContain("RangeError: cannot go on");
		expect(error.message).toContain("failsDeepInside");
		expect(error.message).toContain("stack traceback:");
		expect(error.stack).toContain("host.test.ts");
		host.load("bad", { typescript: () => {} });
	});

	it("in a Lua module is said with file and line", () => {
		const { host } = createHost();
		const error = thrownBy(() => host.load("broken", { lua: file("mod_broken.lua", "\nerror('not today')\n") }));
		expect(error.message).toContain("mod_broken");
		expect(error.message).toMatch(/mod_broken\.lua:2: not today/);
		expect(error.message).toContain("stack traceback:");
	});

	it("is a syntax error", () => {
		const { host } = createHost();
		const path = file("mod_syntax.lua", "local x\nif then\n");
		expect(() => host.load("syntax", { lua: path })).toThrow(/mod_syntax\.lua:2: unexpected symbol near 'then'/);
	});

	it("is a missing file, or an option that is none", () => {
		const { host } = createHost();
		expect(() => host.load("none", { lua: join(folder, "mod_none.lua") })).toThrow("mod_none.lua");
		expect(() => createHost({ broken: "{ x" })).toThrow("broken");
	});
});
