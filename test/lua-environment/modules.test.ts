import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bootEnvironment, createMachine, type LuaEnvironment } from "./environment";

let folder: string;
let lua: LuaEnvironment;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "modules-"));
	lua = bootEnvironment();
	lua.run(`fire = hosts.localhost.events.fire_event;
		log = {};
		for _, name in ipairs { "module-loaded", "module-unloaded", "module-reloaded" } do
			hosts.localhost.events.add_handler(name, function (event)
				table.insert(log, name.." "..event.module.."@"..event.host);
			end);
		end
		function logged() return table.concat(log, "; "); end`);
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeModule(path: string, code: string): string {
	const full = join(folder, path);
	mkdirSync(join(full, ".."), { recursive: true });
	writeFileSync(full, code);
	return full;
}

describe("a module file", () => {
	it("has Prosody's globals, and keeps its own", () => {
		const path = writeModule("mod_x.lua", `
			assert(module.name == "x" and module.host == "localhost" and module:get_name() == "x");
			assert(prosody.hosts[module:get_host()] == hosts.localhost);
			assert(module.environment.module == module and module.path:match("mod_x.lua$"));
			function own_global() return require "util.jid".bare("a@b/c"); end
			module:hook("test", function (event) return own_global()..event; end);`);
		lua.run('boot.load("x", ...)', path);
		expect(lua.run('return fire("test", "!")')).toBe("a@b!");
		expect(lua.run("return own_global")).toBe(undefined);
		expect(lua.run("return logged()")).toBe("module-loaded x@localhost");
		expect(lua.run('return hosts.localhost.modules.x.module:get_directory()')).toBe(folder);
	});

	it("that does not parse, or fails, is not loaded and leaves nothing", () => {
		expect(() => lua.run('boot.load("bad", ...)', writeModule("mod_bad.lua", "local x = = 1")))
			.toThrow(/mod_bad could not be loaded on localhost: .*mod_bad.lua:1: unexpected symbol/);
		const failing = writeModule("mod_failing.lua", `
			module:hook("test", function () return "left"; end);
			module:add_item("feature", "left");
			local function deep() error("oops"); end
			deep();`);
		expect(() => lua.run('boot.load("failing", ...)', failing))
			.toThrow(/mod_failing.lua:4: oops\n\s*stack traceback/);
		expect(lua.run('return fire("test")')).toBe(undefined);
		expect(lua.run('return #require "core.modulemanager".get_items("feature", "localhost")')).toBe(0);
		expect(() => lua.run('boot.load("absent", ...)', join(folder, "mod_absent.lua"))).toThrow(/mod_absent/);
	});

	it("is loaded once, and unloaded once", () => {
		const path = writeModule("mod_x.lua", "");
		lua.run('boot.load("x", ...)', path);
		expect(() => lua.run('boot.load("x", ...)', path)).toThrow("module-already-loaded");
		lua.run('boot.unload("x")');
		expect(() => lua.run('boot.unload("x")')).toThrow("module-not-loaded");
		expect(() => lua.run('boot.reload("x")')).toThrow("module-not-loaded");
	});

	it("uses libraries beside it", () => {
		writeModule("mod_x/helper.lib.lua", 'function helped() return module.name; end return { name = "helper" };');
		const path = writeModule("mod_x/mod_x.lua", `
			local helper = module:require "helper";
			module:hook("test", function () return helper.name..helped(); end);
			module:hook("absent", function () return module:require "absent"; end);`);
		lua.run('boot.load("x", ...)', path);
		expect(lua.run('return fire("test")')).toBe("helperx");
		expect(() => lua.run('fire("absent")')).toThrow("Failed to load plugin library 'absent'");
	});
});

describe("Prosody's own folder of modules", () => {
	it("is looked into first", () => {
		const folder = mkdtempSync(join(tmpdir(), "plugins-"));
		try {
			writeFileSync(join(folder, "mod_own.lua"), "return 7;");
			expect(bootEnvironment().run(`CFG_PLUGINDIR = ...;
				package.loaded["util.pluginloader"] = nil;
				return require "util.pluginloader".load_code("own", {})()`, folder)).toBe(7);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});

describe("a function", () => {
	it("is a module when called with module, prosody and require", () => {
		lua.run(`boot.load("x", function (module, given, require)
			module:hook("test", function () return given == prosody and require "util.jid" ~= nil; end);
			function module.load() loaded = true; end
		end)`);
		expect(lua.run('return loaded and fire("test")')).toBe(true);
	});

	it("of TypeScript keeps the identity of what it throws", () => {
		const failing = (): never => {
			throw new TypeError("not today");
		};
		expect(() => lua.run('boot.load("x", ...)', failing))
			.toThrow(/mod_x could not be loaded on localhost: TypeError: not today/);
	});
});

describe("unloading", () => {
	it("calls unload, then takes back hooks and items", () => {
		lua.run(`order = {};
			hosts.localhost.events.add_handler("item-removed/thing", function (event) table.insert(order, "-"..event.item); end);
			boot.load("x", function (module)
				module:hook("test", function () return "hooked"; end);
				module:hook_global("test", function () return "global"; end);
				module:wrap_event("other", function (handlers, name, data) return "wrapped"; end);
				module:add_item("thing", "one"); module:add_item("thing", "two");
				function module.unload() table.insert(order, "unload "..tostring(fire("test"))); end
			end)`);
		expect(lua.run('return fire("test")..prosody.events.fire_event("test")..fire("other")'))
			.toBe("hookedglobalwrapped");
		lua.run('boot.unload("x")');
		expect(lua.run('return table.concat(order, " ")')).toBe("unload hooked -two -one");
		expect(lua.run('return fire("test") or prosody.events.fire_event("test") or fire("other")')).toBe(undefined);
		expect(lua.run("return logged()")).toBe("module-loaded x@localhost; module-unloaded x@localhost");
	});

	it("goes on if unload fails", () => {
		lua.run('boot.load("x", function (module) function module.unload() error("no"); end end); boot.unload("x")');
		expect(lua.machine.logged.some(({ message }) => message.startsWith("Non-fatal error unloading module 'x'")))
			.toBe(true);
	});
});

describe("reloading", () => {
	it("saves, unloads, loads and restores", () => {
		lua.run(`order, generation = {}, 0;
			boot.load("x", function (module)
				generation = generation + 1;
				local mine = generation;
				local state = "fresh";
				for _, name in ipairs { "load", "unload" } do
					module[name] = function () table.insert(order, name..mine..(module.reloading and "r" or "")); end
				end
				function module.save() table.insert(order, "save"..mine); return { state = "kept" }; end
				function module.restore(saved) table.insert(order, "restore"..mine); state = saved.state; end
				module:hook("test", function () return state..mine; end);
			end);
			boot.reload("x")`);
		expect(lua.run('return table.concat(order, " ")')).toBe("load1 save1 unload1r load2r restore2");
		expect(lua.run('return fire("test")')).toBe("kept2");
		expect(lua.run("return logged()")).toBe("module-loaded x@localhost; module-reloaded x@localhost");
	});

	it("restores an empty table where nothing was saved", () => {
		lua.run(`boot.load("x", function (module) function module.restore(saved) restored = next(saved) == nil; end end);
			boot.reload("x")`);
		expect(lua.run("return restored")).toBe(true);
	});

	it("reads the file again, and keeps the old module if it does not parse", () => {
		const path = writeModule("mod_x.lua", 'module:hook("test", function () return 1; end)');
		lua.run('boot.load("x", ...)', path);
		writeModule("mod_x.lua", 'module:hook("test", function () return 2; end)');
		lua.run('boot.reload("x")');
		expect(lua.run('return fire("test")')).toBe(2);
		writeModule("mod_x.lua", "local = nothing");
		expect(() => lua.run('boot.reload("x")')).toThrow(/mod_x could not be reloaded on localhost/);
		expect(lua.run('return fire("test")')).toBe(2);
	});

	it("is off if the state cannot be saved, unless forced", () => {
		const load = `boot.load("x", function (module)
			loads = (loads or 0) + 1;
			function module.save() error("no"); end
		end)`;
		lua.run(load);
		expect(() => lua.run('boot.reload("x")')).toThrow("save-state-failed");
		expect(lua.run("return loads")).toBe(1);

		const forced = bootEnvironment(createMachine({ options: { force_module_reload: "true" } }));
		forced.run(`${load}; boot.reload("x")`);
		expect(forced.run("return loads")).toBe(2);
	});

	it("announces that the module is gone if it fails", () => {
		lua.run('times = 0; boot.load("x", function () times = times + 1; assert(times == 1, "second"); end)');
		expect(() => lua.run('boot.reload("x")')).toThrow("second");
		expect(lua.run("return logged()")).toBe("module-loaded x@localhost; module-unloaded x@localhost");
	});
});

describe("dependencies", () => {
	it("are loaded from beside the module, and followed", () => {
		writeModule("mod_base/mod_base.lua", 'function greet() return "hello"; end');
		const path = writeModule("mod_top/mod_top.lua", `
			local base = module:depends "base";
			function module.load() module:log("info", "load"); end
			module:hook("test", function () return base.greet(); end);`);
		lua.run('boot.load("top", ...)', path);
		expect(lua.run('return fire("test")')).toBe("hello");
		lua.run('boot.reload("base")');
		expect(lua.run("return logged()")).toBe([
			"module-loaded base@localhost", "module-loaded top@localhost",
			"module-reloaded base@localhost", "module-reloaded top@localhost",
		].join("; "));
		lua.run('log = {}; boot.unload("base")');
		expect(lua.run("return logged()")).toBe("module-unloaded base@localhost; module-unloaded top@localhost");
	});

	it("may be asked for after what depends on them, from the same place", () => {
		const base = writeModule("mod_base/mod_base.lua", "");
		const top = writeModule("mod_top/mod_top.lua", 'module:depends "base";');
		lua.run('boot.load("top", ...)', top);
		lua.run('boot.load("base", ...)', base);
		expect(lua.run("return logged()")).toBe("module-loaded base@localhost; module-loaded top@localhost");
		expect(() => lua.run('boot.load("base", ...)', base)).toThrow("module-already-loaded");
		expect(() => lua.run('boot.load("top", ...)', top)).toThrow("module-already-loaded");
	});

	it("are not taken for a module of that name from elsewhere", () => {
		writeModule("mod_base/mod_base.lua", "");
		lua.run('boot.load("top", ...)', writeModule("mod_top/mod_top.lua", 'module:depends "base";'));
		const other = writeModule("elsewhere/mod_base.lua", "");
		expect(() => lua.run('boot.load("base", ...)', other)).toThrow("module-already-loaded");
	});

	it("that are missing are named", () => {
		expect(() => lua.run('boot.load("x", function (module) module:depends("absent"); end)'))
			.toThrow("Unable to load required module, mod_absent");
	});

	it("that are disabled are refused, unless they are soft", () => {
		const { run } = bootEnvironment(createMachine({ options: { modules_disabled: '{ "y" }' } }));
		expect(() => run('boot.load("x", function (module) module:depends("y"); end)'))
			.toThrow("Dependency on disabled module mod_y");
		expect(run('boot.load("z", function (module) why = select(2, module:depends("y", true)); end); return why'))
			.toBe("disabled");
	});
});

describe("shared modules", () => {
	it("serve a host by add_host", () => {
		lua.run(`boot.load("x", function (module)
			module:set_global();
			function module.add_host(host_module)
				host_module:hook("test", function () return host_module.host..":"..host_module.name; end);
			end
		end)`);
		expect(lua.run('return fire("test")')).toBe("localhost:x");
		expect(lua.run('return require "core.modulemanager".is_loaded("*", "x")')).toBe(true);
		lua.run('boot.unload("x")');
		expect(lua.run('return fire("test")')).toBe(undefined);
	});
});

describe("module:shared", () => {
	it("gives the same table to all, after a reload too", () => {
		lua.run(`boot.load("x", function (module) seen = module:shared("data"); seen.count = (seen.count or 0) + 1; end);
			boot.load("y", function (module)
				other, absolute = module:shared("x/data"), module:shared("/localhost/x/data");
			end);
			boot.reload("x")`);
		expect(lua.run("return seen == other and other == absolute and seen.count")).toBe(2);
	});
});

describe("items", () => {
	it("are seen by those who handle them", () => {
		lua.run(`got = {};
			boot.load("x", function (module) module:add_feature("urn:x"); end);
			boot.load("y", function (module)
				module:handle_items("feature",
					function (event) table.insert(got, "+"..event.item); end,
					function (event) table.insert(got, "-"..event.item); end);
				module:add_feature("urn:y");
				function list() return #module:get_host_items("feature"); end
			end)`);
		expect(lua.run("return list()")).toBe(2);
		lua.run('boot.unload("x")');
		expect(lua.run('return table.concat(got, " ")')).toBe("+urn:x +urn:y -urn:x");
	});

	it("of providers are named after the module", () => {
		const path = writeModule("mod_auth_mine.lua", 'function check() return true; end module:provides "auth"');
		lua.run('boot.load("auth_mine", ...)', path);
		expect(lua.run(`local item = require "core.modulemanager".get_items("auth-provider", "localhost")[1];
			return item.name..item._provided_by..tostring(item.check())..tostring(item.module)`))
			.toBe("mineauth_minetruenil");
	});
});

describe("hook_tag", () => {
	it("hands on origin, stanza and event", () => {
		lua.run(`boot.load("x", function (module)
			module:hook_tag("urn:x", "a", function (origin, stanza, event)
				return origin..stanza..tostring(event.stanza == stanza);
			end);
			module:hook_tag("b", function (origin) return origin; end);
			module:hook_tag("c");
		end)`);
		expect(lua.run('return fire("stanza/urn:x:a", { origin = "o", stanza = "s" })')).toBe("ostrue");
		expect(lua.run('return fire("stanza/b", { origin = "o" })')).toBe("o");
		expect(lua.machine.logged.at(-1)!.message).toBe("Error: Insufficient parameters to module:hook_tag()");
	});
});

describe("status and statistics", () => {
	it("keep errors until another comes", () => {
		lua.run('boot.load("x", function (module) api = module; end)');
		expect(lua.run("return api:get_status()")).toBe("core");
		lua.run('api:set_status("error", "broken"); api:set_status("info", "fine")');
		expect(lua.run("local kind, message = api:get_status() return kind..message")).toBe("errorbroken");
		lua.run('api:log_status("warn", "%d left", 3); api:set_status("info", "fine", true)');
		expect(lua.run("local kind, message = api:get_status() return kind..message")).toBe("infofine");
	});

	it("count", () => {
		expect(lua.run(`local registry = require "core.statsmanager".get_metric_registry();
			boot.load("x", function (module)
				local count = module:measure("pushes", "counter");
				count(2); count(3);
				module:measure("open", "amount", { initial = 7 });
				module:measure("size", "sizes")(2000);
				local stop = module:measure("time", "times")();
				stop();
				module:metric("counter", "errors", "", "Errors", { "kind" }):with_labels("wait"):add(4);
			end);
			local function value(key, ...) return registry[key]:with_labels(...).value; end
			return value("counter/prosody_mod_x/pushes", "localhost").." "..value("gauge/prosody_mod_x/open", "localhost")
				.." "..value("counter/prosody_mod_x/errors", "localhost", "wait")
				.." "..registry["histogram/prosody_mod_x/size"]:with_labels("localhost")[2].count`)).toBe("5 7 4 1");
	});
});
