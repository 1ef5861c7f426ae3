local server = require "boot";
local config = require "core.configmanager";
local modulemanager = require "core.modulemanager";

local prosody = server.prosody;
local events = prosody.hosts.localhost.events;

describe("core.modulemanager", function ()
	local announced;
	for _, name in ipairs { "module-loaded", "module-unloaded", "module-reloaded" } do
		events.add_handler(name, function (event)
			table.insert(announced, name:match("%-(.*)").." "..event.module.."@"..event.host);
		end);
	end
	before_each(function ()
		announced = {};
	end);
	after_each(function ()
		for _, name in ipairs { "x", "y" } do
			modulemanager.unload("localhost", name);
			modulemanager.unload("*", name);
		end
	end);

	describe("load", function ()
		it("runs the module, knows it and says so", function ()
			local seen;
			server.load("x", function (module) seen = module; end);
			assert.equal("x", seen.name);
			assert.equal("localhost", seen.host);
			assert.equal(seen, modulemanager.get_module("localhost", "x").module);
			assert.truthy(modulemanager.is_loaded("localhost", "x"));
			assert.truthy(modulemanager.get_modules("localhost").x);
			assert.same({ "loaded x@localhost" }, announced);
		end);

		it("calls the module's load after all else", function ()
			local order = {};
			server.load("x", function (module)
				function module.load() table.insert(order, "load"); end
				table.insert(order, "file");
			end);
			assert.same({ "file", "load" }, order);
		end);

		it("does not load what is loaded", function ()
			server.load("x", function () end);
			assert.same({ nil, "module-already-loaded" }, { modulemanager.load("localhost", "x") });
			assert.same({ "loaded x@localhost" }, announced);
		end);

		it("needs a host that is there, and a name", function ()
			assert.same({ nil, "unknown-host" }, { modulemanager.load("unheard-of.example", "x") });
			assert.same({ nil, "insufficient-parameters" }, { modulemanager.load(nil, "x") });
			assert.same({ nil, "insufficient-parameters" }, { modulemanager.load("localhost") });
		end);

		it("knows no module that fails, and tells why", function ()
			assert.error_matches(function ()
				server.load("x", function () error("oops"); end);
			end, "oops");
			assert.falsy(modulemanager.is_loaded("localhost", "x"));
			assert.same({}, announced);
		end);

		it("knows no module whose load fails #ours", function ()
			assert.error_matches(function ()
				server.load("x", function (module) function module.load() error("oops"); end end);
			end, "oops");
			assert.falsy(modulemanager.is_loaded("localhost", "x"));
		end);

		it("takes back what a failing module has hooked #ours", function ()
			pcall(server.load, "x", function (module)
				module:hook("test", function () return "left"; end);
				error("oops");
			end);
			assert.is_nil(events.fire_event("test"));
		end);
	end);

	describe("unload", function ()
		it("calls unload, takes back hooks and items, and says so", function ()
			local order = {};
			local function removed(event) table.insert(order, "-"..event.item); end
			events.add_handler("item-removed/thing", removed);
			finally(function () events.remove_handler("item-removed/thing", removed); end);
			local seen;
			server.load("x", function (module)
				seen = module;
				module:hook("test", function () return "hooked"; end);
				module:hook_global("test", function () return "global"; end);
				module:wrap_event("other", function () return "wrapped"; end);
				module:add_item("thing", "one");
				module:add_item("thing", "two");
				function module.unload() table.insert(order, "unload "..events.fire_event("test")); end
			end);
			assert.equal("wrapped", events.fire_event("other"));
			assert.equal("global", prosody.events.fire_event("test"));
			server.unload("x");
			assert.same({ "unload hooked", "-two", "-one" }, order);
			assert.is_nil(events.fire_event("test"));
			assert.is_nil(events.fire_event("other"));
			assert.is_nil(prosody.events.fire_event("test"));
			assert.is_false(seen.loaded);
			assert.same({ "loaded x@localhost", "unloaded x@localhost" }, announced);
		end);

		it("goes on if the module's unload fails", function ()
			server.load("x", function (module) function module.unload() error("oops"); end end);
			server.unload("x");
			assert.falsy(modulemanager.is_loaded("localhost", "x"));
		end);

		it("needs a module that is loaded", function ()
			assert.same({ nil, "module-not-loaded" }, { modulemanager.unload("localhost", "x") });
			assert.same({ nil, "module-not-loaded" }, { modulemanager.reload("localhost", "x") });
		end);
	end);

	describe("reload", function ()
		it("saves, unloads, loads and restores", function ()
			local order, generation = {}, 0;
			server.load("x", function (module)
				generation = generation + 1;
				local mine = generation;
				local function note(what)
					return function () table.insert(order, what..mine..(module.reloading and " reloading" or "")); end;
				end
				module.load, module.unload = note "load", note "unload";
				function module.save() table.insert(order, "save"..mine); return { from = mine }; end
				function module.restore(state) table.insert(order, "restore"..mine.." from"..state.from); end
			end);
			server.reload("x");
			assert.same({ "load1", "save1", "unload1 reloading", "load2 reloading", "restore2 from1" }, order);
			assert.same({ "loaded x@localhost", "reloaded x@localhost" }, announced);
		end);

		it("lets the new module have what was saved while it is loaded", function ()
			local saved_states = {};
			server.load("x", function (module)
				table.insert(saved_states, module.saved_state or "none");
				function module.save() return "state"; end
			end);
			server.reload("x");
			assert.same({ "none", "state" }, saved_states);
			assert.is_nil(modulemanager.get_module("localhost", "x").module.saved_state);
		end);

		it("is seen by those who hear that it is done", function ()
			local reloading;
			local function listen(event)
				reloading = modulemanager.get_module(event.host, event.module).module.reloading;
			end
			events.add_handler("module-reloaded", listen);
			finally(function () events.remove_handler("module-reloaded", listen); end);
			server.load("x", function () end);
			server.reload("x");
			assert.is_true(reloading);
			assert.is_nil(modulemanager.get_module("localhost", "x").module.reloading);
		end);

		it("restores an empty table where nothing was saved", function ()
			local restored;
			server.load("x", function (module) function module.restore(state) restored = state; end end);
			server.reload("x");
			assert.same({}, restored);
		end);

		it("is off if the state cannot be saved", function ()
			local loads = 0;
			server.load("x", function (module)
				loads = loads + 1;
				function module.save() error("oops"); end
			end);
			assert.same({ nil, "save-state-failed" }, { modulemanager.reload("localhost", "x") });
			assert.equal(1, loads);
			config.set("localhost", "force_module_reload", true);
			finally(function () config.set("localhost", "force_module_reload", nil); end);
			server.reload("x");
			assert.equal(2, loads);
		end);

		it("says that the module is gone if it fails", function ()
			local first = true;
			server.load("x", function ()
				assert(first, "not again");
				first = false;
			end);
			assert.error_matches(function () server.reload("x"); end, "not again");
			assert.same({ "loaded x@localhost", "unloaded x@localhost" }, announced);
		end);
	end);

	describe("shared modules", function ()
		it("serve a host by add_host", function ()
			local host_module;
			server.load("x", function (module)
				module:set_global();
				function module.add_host(given)
					host_module = given;
					given:hook("test", function () return given.host; end);
				end
			end);
			assert.equal("localhost", host_module.host);
			assert.is_false(host_module.global);
			assert.equal("localhost", events.fire_event("test"));
			assert.truthy(modulemanager.is_loaded("*", "x"));
			assert.truthy(modulemanager.is_loaded("localhost", "x"));
			server.unload("x");
			assert.is_nil(events.fire_event("test"));
			assert.truthy(modulemanager.is_loaded("*", "x"));
		end);

		it("may refuse a host", function ()
			local ok, err = pcall(server.load, "x", function (module)
				module:set_global();
				function module.add_host() return false, "not here"; end
			end);
			assert.is_false(ok);
			assert.matches("not here", err);
			assert.falsy(modulemanager.is_loaded("localhost", "x"));
		end);

		it("without add_host are global alone", function ()
			server.load("x", function (module) module:set_global(); end);
			assert.truthy(modulemanager.is_loaded("*", "x"));
			assert.falsy(modulemanager.is_loaded("localhost", "x"));
			assert.same({ nil, "global-module-already-loaded" }, { modulemanager.load("localhost", "x") });
		end);
	end);

	it("lists the items of all modules of a host", function ()
		server.load("x", function (module) module:add_item("thing", "one"); end);
		server.load("y", function (module) module:add_item("thing", "two"); end);
		local items = modulemanager.get_items("thing", "localhost");
		table.sort(items);
		assert.same({ "one", "two" }, items);
		assert.same({}, modulemanager.get_items("nothing", "localhost"));
		assert.is_nil(modulemanager.get_items("thing", "unheard-of.example"));
	end);

	it("calls methods that modules have, with a traceback of errors", function ()
		server.load("x", function (module)
			function module.double(n) return n * 2; end
			function module.fail() error("oops"); end
		end);
		local mod = modulemanager.get_module("localhost", "x");
		assert.is_true(modulemanager.module_has_method(mod, "double"));
		assert.is_false(modulemanager.module_has_method(mod, "hook"));
		assert.same({ true, 4 }, { modulemanager.call_module_method(mod, "double", 2) });
		local ok, err = modulemanager.call_module_method(mod, "fail");
		assert.is_false(ok);
		assert.matches("oops\nstack traceback", err, 1, true);
		assert.same({ false, "no-such-method" }, { modulemanager.call_module_method(mod, "absent") });
	end);

	it("makes globals of a module its own", function ()
		assert.is_nil(rawget(_G, "module"));
		server.load("x", function (module) module.environment.leaked = true; end);
		assert.is_nil(rawget(_G, "leaked"));
		assert.is_true(modulemanager.get_module("localhost", "x").leaked);
	end);
end);
