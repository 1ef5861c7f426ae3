local server = require "boot";

describe("core.moduleapi", function ()
	local module;
	before_each(function ()
		server.load("example", function (given) module = given; end);
	end);
	after_each(function ()
		server.unload("example");
	end);

	it("knows the module's name and host", function ()
		assert.equal("example", module:get_name());
		assert.equal("localhost", module:get_host());
		assert.equal("local", module:get_host_type());
	end);

	it("logs under host and name", function ()
		local logged = {};
		require "util.logger".add_simple_sink(function (source, level, message)
			table.insert(logged, source.." "..level.." "..message);
		end, { "warn" });
		module:log("warn", "%d of %s", 1, "two");
		assert.same({ "localhost:example warn 1 of two" }, logged);
	end);

	describe("context", function ()
		it("is the module on another host", function ()
			require "core.configmanager".set("other.example", "option", "other");
			local other = module:context("other.example");
			assert.equal("other.example", other.host);
			assert.equal("example", other.name);
			assert.equal("other", other:get_option("option"));
			assert.is_false(other.global);
			assert.equal("localhost", module.host);
		end);

		it("is global where no host is named", function ()
			assert.equal("*", module:context().host);
			assert.equal("global", module:context("*"):get_host_type());
			assert.is_true(module:context("*").global);
		end);

		it("writes to the module", function ()
			module:context("*").note = "written";
			assert.equal("written", module.note);
		end);
	end);

	it("set_global makes the module one for all hosts", function ()
		server.load("global", function (given)
			given:set_global();
			assert.equal("*", given.host);
			assert.is_true(given.global);
			assert.equal("global", given:get_host_type());
		end);
	end);

	it("knows whether the module is being reloaded", function ()
		local reloading = {};
		server.load("reloaded", function (given) table.insert(reloading, tostring(given.reloading)); end);
		server.reload("reloaded");
		server.unload("reloaded");
		assert.same({ "false", "true" }, reloading);
		assert.is_nil(module.reloading);
	end);
end);
