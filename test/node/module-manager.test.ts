import { describe, expect, it } from "vitest";
import type { ModuleApi, ProsodyModule } from "../../bridge/api";
import { createNodeHost } from "../../bridge/node";
import { createTestMachine } from "./machine";

function setUp(options?: Record<string, string>) {
	const machine = createTestMachine(options);
	const host = createNodeHost(machine);
	const { events } = host.prosody.hosts.localhost!;
	const fired: string[] = [];
	for (const name of ["module-loaded", "module-unloaded", "module-reloaded"]) {
		const note = (event: { module: string; host: string }) => void fired.push(`${name} ${event.module}@${event.host}`);
		events.add_handler(name, note, 100);
	}
	const load = (name: string, typescript: ProsodyModule) => host.load(name, { typescript });
	return { machine, host, events, fired, load };
}

const nothing: ProsodyModule = () => undefined;

describe("loading", () => {
	it("runs the module, then its load function", () => {
		const { load, fired, host } = setUp();
		const ran: unknown[] = [];
		load("example", (module, prosody, require) => {
			ran.push(module.name, module.host, module.get_name(), module.get_host());
			ran.push(prosody === host.prosody, require === host.require);
			module.load = () => void ran.push("load");
			ran.push("end");
		});
		expect(ran).toEqual(["example", "localhost", "example", "localhost", true, true, "end", "load"]);
		expect(fired).toEqual(["module-loaded example@localhost"]);
	});

	it("refuses a module that is there", () => {
		const { load } = setUp();
		load("example", nothing);
		expect(() => load("example", nothing)).toThrow("mod_example is loaded already");
	});

	it("refuses Lua", () => {
		const load = () => setUp().host.load("example", { lua: "/x/mod_example.lua" });
		expect(load).toThrow("mod_example failed to load: the Node host runs no Lua");
	});

	it.each([
		["body", (_module: ModuleApi, fail: () => never) => fail()],
		["load function", (module: ModuleApi, fail: () => never) => void (module.load = fail)],
	])("leaves nothing behind if the %s fails", (_, finish) => {
		const { load, fired, machine, events } = setUp();
		const seen: string[] = [];
		events.add_handler("item-removed/feature", (event: { item: string }) => void seen.push(`removed ${event.item}`));
		const cause = new Error("broken");
		const attempt = () => load("example", (module) => {
			module.hook("e", () => void seen.push("hook"));
			module.hook_global("e", () => void seen.push("global hook"));
			module.add_timer(1, () => void seen.push("timer"));
			module.add_feature("urn:x");
			finish(module, () => {
				throw cause;
			});
		});
		expect(attempt).toThrow("mod_example failed to load: broken");
		expect(attempt).toThrow(expect.objectContaining({ cause }) as Error);
		events.fire_event("e", {});
		machine.clock.advance(5);
		expect(seen).toEqual(["removed urn:x", "removed urn:x"]);
		expect(fired).toEqual([]);
		expect(machine.entries[0]).toMatchObject({ source: "modulemanager", level: "error" });
		load("example", nothing);
	});
});

describe("unloading", () => {
	it("calls unload, then takes back hooks, timers and items", () => {
		const { load, host, events, machine, fired } = setUp();
		const seen: string[] = [];
		load("example", (module) => {
			module.hook("e", () => void seen.push("hook"));
			module.hook("twice", () => void seen.push("twice"));
			module.hook_global("e", () => void seen.push("global hook"));
			module.hook_tag("urn:x", "a", () => void seen.push("tag"));
			module.add_timer(1, () => void seen.push("timer"));
			module.add_item("key", "a");
			module.add_item("key", "b");
			module.unload = () => {
				seen.push("unload");
				events.fire_event("e", {});
			};
		});
		events.add_handler("item-removed/key", (event: { item: string }) => void seen.push(event.item));
		host.unload("example");
		for (const name of ["e", "twice", "stanza/urn:x:a"]) events.fire_event(name, {});
		host.prosody.events.fire_event("e", {});
		machine.clock.advance(5);
		expect(seen).toEqual(["unload", "hook", "b", "a"]);
		expect(fired).toEqual(["module-loaded example@localhost", "module-unloaded example@localhost"]);
		expect(() => host.unload("example")).toThrow("mod_example is not loaded");
	});

	it("goes on if unload fails", () => {
		const { load, host, machine, events } = setUp();
		load("example", (module) => {
			module.hook("e", () => true);
			module.unload = () => {
				throw new Error("broken");
			};
		});
		host.unload("example");
		expect(events.fire_event("e", {})).toBeUndefined();
		const { message } = machine.entries.at(-1)!;
		expect(message).toBe("Non-fatal error unloading module 'example' on 'localhost': Error: broken");
	});
});

describe("reloading", () => {
	it("carries the state over", () => {
		const { load, host, fired } = setUp();
		const ran: unknown[] = [];
		let generation = 0;
		load("example", (module) => {
			const mine = ++generation;
			ran.push(`body ${mine}`);
			module.load = () => void ran.push(`load ${mine}`);
			module.save = () => {
				ran.push(`save ${mine}`);
				return { from: mine };
			};
			module.unload = () => void ran.push(`unload ${mine}`);
			module.restore = (state) => void ran.push(`restore ${mine}`, state);
		});
		host.reload("example");
		expect(ran).toEqual(["body 1", "load 1", "save 1", "unload 1", "body 2", "load 2", "restore 2", { from: 1 }]);
		expect(fired).toEqual(["module-loaded example@localhost", "module-reloaded example@localhost"]);
	});

	it("restores an empty table if nothing was saved", () => {
		const { load, host } = setUp();
		const restored: unknown[] = [];
		load("example", (module) => {
			module.restore = (state) => void restored.push(state);
		});
		host.reload("example");
		expect(restored).toEqual([{}]);
	});

	it("does not happen if the state cannot be saved", () => {
		const { load, host, events, fired } = setUp();
		load("example", (module) => {
			module.hook("e", () => true);
			module.save = () => {
				throw new Error("broken");
			};
		});
		expect(() => host.reload("example")).toThrow("its state could not be saved");
		expect(events.fire_event("e", {})).toBe(true);
		expect(fired).toHaveLength(1);
	});

	it("unloads a module that does not load again", () => {
		const { load, host, fired } = setUp();
		let broken = false;
		load("example", () => {
			if (broken) throw new Error("broken");
		});
		broken = true;
		expect(() => host.reload("example")).toThrow("mod_example failed to load: broken");
		expect(fired).toEqual(["module-loaded example@localhost", "module-unloaded example@localhost"]);
		expect(() => host.unload("example")).toThrow("is not loaded");
	});

	it("goes on if the state cannot be restored", () => {
		const { load, host, fired, machine } = setUp();
		load("example", (module) => {
			module.restore = () => {
				throw new Error("broken");
			};
		});
		host.reload("example");
		expect(fired.at(-1)).toBe("module-reloaded example@localhost");
		expect(machine.entries.at(-1)).toMatchObject({ level: "warn" });
	});

	it("is for modules that are loaded", () => {
		expect(() => setUp().host.reload("example")).toThrow("mod_example is not loaded");
	});
});

describe("dependencies", () => {
	it("reload and unload what depends on them", () => {
		const { load, host, fired } = setUp();
		load("base", nothing);
		load("example", (module) => void module.depends("base"));
		load("other", nothing);
		fired.length = 0;
		host.reload("base");
		expect(fired).toEqual(["module-reloaded base@localhost", "module-reloaded example@localhost"]);
		host.unload("base");
		expect(fired.slice(2)).toEqual(["module-unloaded base@localhost", "module-unloaded example@localhost"]);
		expect(() => host.unload("example")).toThrow("not loaded");
		host.unload("other");
	});

	it("are loaded again if they once were", () => {
		const { load, host, fired } = setUp();
		load("base", nothing);
		host.unload("base");
		load("example", (module) => void module.depends("base"));
		expect(fired.slice(2)).toEqual(["module-loaded base@localhost", "module-loaded example@localhost"]);
	});

	it("must be known", () => {
		expect(() => setUp().load("example", (module) => void module.depends("missing")))
			.toThrow("mod_example failed to load: Unable to load required module, mod_missing");
	});
});
