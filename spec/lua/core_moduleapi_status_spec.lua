local server = require "boot";
local events = server.prosody.hosts.localhost.events;

describe("core.moduleapi.status", function ()
	local module;
	before_each(function ()
		server.load("example", function (given) module = given; end);
	end);
	after_each(function ()
		server.unload("example");
	end);

	it("is that of a loaded module at first", function ()
		local status, message, time = module:get_status();
		assert.equal("core", status);
		assert.equal("Loaded", message);
		assert.near(os.time(), time, 1);
	end);

	it("changes, and says so", function ()
		local updated;
		local function listen(event) updated = event.name; end
		events.add_handler("module-status/updated", listen);
		finally(function () events.remove_handler("module-status/updated", listen); end);
		module:set_status("info", "Busy");
		assert.same({ "info", "Busy" }, { module.status_type, module.status_message });
		assert.equal("example", updated);
	end);

	it("stays an error until it is overridden", function ()
		module:set_status("error", "Broken");
		module:set_status("info", "Fine");
		assert.equal("error", module.status_type);
		module:set_status("error", "Broken again");
		assert.equal("Broken again", module.status_message);
		module:set_status("info", "Fine", true);
		assert.equal("info", module.status_type);
	end);

	it("gives way to greater ones alone if it is to override nothing", function ()
		module:set_status("warn", "Careful");
		module:set_status("info", "Fine", false);
		assert.equal("Careful", module.status_message);
		module:set_status("error", "Broken", false);
		assert.equal("Broken", module.status_message);
	end);

	it("takes what it does not know for info", function ()
		module:set_status("splendid", "Yes");
		assert.same({ "info", "Yes" }, { module.status_type, module.status_message });
	end);

	it("can be logged at the same time", function ()
		local logged = {};
		require "util.logger".add_simple_sink(function (_, _, message) table.insert(logged, message); end, { "warn" });
		module:log_status("warn", "%d left", 3);
		assert.equal("3 left", module.status_message);
		assert.equal("3 left", logged[#logged]);
	end);
end);
