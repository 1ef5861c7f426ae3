require "boot";
local config = require "core.configmanager";

describe("core.configmanager", function ()
	it("gets what was set for a host", function ()
		assert.is_true(config.set("example.com", "option", "own"));
		assert.equal("own", config.get("example.com", "option"));
	end);

	it("falls back to what is set globally", function ()
		config.set("*", "shared", "global");
		config.set("example.com", "other", true);
		assert.equal("global", config.get("example.com", "shared"));
		assert.equal("global", config.get("unheard-of.example", "shared"));
		config.set("example.com", "shared", "own");
		assert.equal("own", config.get("example.com", "shared"));
		assert.equal("global", config.get("*", "shared"));
	end);

	it("keeps false, which is not nothing", function ()
		config.set("*", "flag", true);
		config.set("example.com", "flag", false);
		assert.is_false(config.get("example.com", "flag"));
	end);

	it("tells what the host itself sets", function ()
		config.set("*", "global_only", 1);
		config.set("example.com", "host_only", 2);
		assert.is_nil(config.rawget("example.com", "global_only"));
		assert.equal(2, config.rawget("example.com", "host_only"));
	end);

	it("has no value for what is set nowhere, whatever its name", function ()
		for _, name in ipairs { "unset", "__index", "__proto__" } do
			assert.is_nil(config.get("example.com", name));
			assert.is_nil(config.get(name, name));
		end
	end);

	it("sets nothing without a host and a name", function ()
		assert.is_false(config.set(nil, "option", 1));
		assert.is_false(config.set("example.com", nil, 1));
	end);

	it("shows all that is set, by host", function ()
		config.set("example.com", "seen", 1);
		assert.equal(1, config.getconfig()["example.com"].seen);
		assert.is_table(config.getconfig()["*"]);
	end);
end);
