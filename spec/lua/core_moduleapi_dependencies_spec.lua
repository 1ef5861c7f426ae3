local server = require "boot";
local config = require "core.configmanager";
local modulemanager = require "core.modulemanager";

describe("core.moduleapi.dependencies", function ()
	local generation;
	before_each(function ()
		generation = 0;
		server.load("base", function (module)
			generation = generation + 1;
			module.environment.number = generation;
		end);
	end);
	after_each(function ()
		for _, name in ipairs { "top", "base" } do pcall(server.unload, name); end
		config.set("localhost", "modules_disabled", nil);
	end);

	describe("depends", function ()
		it("gives what the other module has", function ()
			local base;
			server.load("top", function (module) base = module:depends("base"); end);
			assert.equal(1, base.number);
			assert.equal("base", base.module.name);
		end);

		it("reloads with the other", function ()
			local seen = {};
			server.load("top", function (module) table.insert(seen, module:depends("base").number); end);
			server.reload("base");
			assert.same({ 1, 2 }, seen);
		end);

		it("is unloaded with the other", function ()
			server.load("top", function (module) module:depends("base"); end);
			server.unload("base");
			assert.falsy(modulemanager.is_loaded("localhost", "top"));
		end);

		it("names what is missing", function ()
			assert.error_matches(function ()
				server.load("top", function (module) module:depends("unheard-of"); end);
			end, "Unable to load required module, mod_unheard-of", 1, true);
		end);

		it("refuses what is disabled", function ()
			config.set("localhost", "modules_disabled", { "base" });
			assert.error_matches(function ()
				server.load("top", function (module) module:depends("base"); end);
			end, "Dependency on disabled module mod_base", 1, true);
		end);

		it("does without what is disabled if it is soft #ours", function ()
			config.set("localhost", "modules_disabled", { "base" });
			local result;
			server.load("top", function (module) result = { module:depends("base", true) }; end);
			assert.same({ nil, "disabled" }, result);
		end);
	end);

	describe("depends on a shared module", function ()
		it("has it serve the host as well", function ()
			server.create_host("other.example", "local");
			local served = {};
			server.load("everywhere", function (module)
				module:set_global();
				function module.add_host(host_module) table.insert(served, host_module.host); end
			end);
			finally(function ()
				modulemanager.unload("localhost", "everywhere");
				modulemanager.unload("*", "everywhere");
			end);
			modulemanager.unload("localhost", "everywhere");
			local dependency;
			server.load("top", function (module) dependency = module:depends("everywhere"); end);
			assert.same({ "localhost", "localhost" }, served);
			assert.equal("localhost", dependency.module.host);
		end);
	end);

	it("runs tasks by mod_cron", function ()
		server.load("cron", function () end);
		finally(function () server.unload("cron"); end);
		local function run() end
		server.load("top", function (module)
			module:daily("tidy", run);
			module:hourly(run);
		end);
		local tasks = modulemanager.get_items("task", "localhost");
		assert.equal("tidy", tasks[1].name);
		assert.equal("daily", tasks[1].when);
		assert.equal(run, tasks[1].run);
		assert.equal("hourly", tasks[2].when);
		assert.equal(run, tasks[2].run);
		assert.is_true(modulemanager.get_module("localhost", "top").module.dependencies.cron);
	end);

	it("knows the module's folder", function ()
		server.load("top", function (module)
			module.path = "/usr/lib/modules/mod_top.lua";
			assert.equal("/usr/lib/modules", module:get_directory());
			module.resource_path = "/usr/share/top";
			assert.equal("/usr/share/top", module:get_directory());
		end);
	end);

	it("says that a file beside the module cannot be read", function ()
		server.load("top", function (module)
			module.path = "/nowhere/mod_top.lua";
			local file, err = module:load_resource("absent.txt");
			assert.is_nil(file);
			assert.matches("/nowhere/absent.txt", err, 1, true);
		end);
	end);

	describe("shared", function ()
		it("is one table for all, by relative and absolute names", function ()
			local own, other, absolute;
			server.load("top", function (module)
				own = module:shared("data");
				other, absolute = module:context("localhost"):shared("top/data"), module:shared("/localhost/top/data");
			end);
			assert.equal(own, other);
			assert.equal(own, absolute);
			assert.not_equal(own, modulemanager.get_module("localhost", "base").module:shared("data"));
		end);

		it("outlives a reload", function ()
			local counts = {};
			server.load("top", function (module)
				local shared = module:shared("count");
				shared.n = (shared.n or 0) + 1;
				table.insert(counts, shared);
			end);
			server.reload("top");
			assert.equal(counts[1], counts[2]);
			assert.equal(2, counts[1].n);
		end);
	end);

	it("names the library that cannot be loaded", function ()
		assert.error_matches(function ()
			server.load("top", function (module) module:require("unheard-of"); end);
		end, "Failed to load plugin library 'unheard%-of'");
	end);
end);
