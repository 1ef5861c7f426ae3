-- What starts the environment; ours.
describe("boot #ours", function ()
	local server;
	lazy_setup(function ()
		server = require "boot";
	end);

	it("makes the prosody table, with the host localhost", function ()
		assert.equal(prosody, server.prosody);
		assert.equal(hosts, prosody.hosts);
		assert.equal("0.12.3", prosody.version);
		assert.equal("local", prosody.hosts.localhost.type);
	end);

	it("answers both spellings of a library with the same table", function ()
		for _, name in ipairs { "util.stanza", "util.hashes", "core.moduleapi", "net.http" } do
			assert.equal(require(name), require("prosody."..name));
		end
		assert.has_error(function () require "prosody.util.absent"; end);
	end);

	it("makes hosts, of two kinds", function ()
		server.create_host("push.localhost", "component");
		assert.equal("component", prosody.hosts["push.localhost"].type);
		assert.has_error(function () server.create_host("localhost", "local"); end,
			"The host localhost is already activated");
		assert.has_error(function () server.create_host("x", "moon"); end,
			"The host x is neither local nor a component but moon");
		assert.is_nil(prosody.hosts.x);
	end);

	it("says which module could not be loaded, and why", function ()
		local ok, err = pcall(server.load, "x", function () error("oops"); end);
		assert.is_false(ok);
		assert.matches("^mod_x could not be loaded on localhost: .*oops", err);
		assert.has_error(function () server.unload("x"); end, "mod_x could not be unloaded on localhost: module-not-loaded");
		assert.has_error(function () server.reload("x"); end, "mod_x could not be reloaded on localhost: module-not-loaded");
	end);
end);
