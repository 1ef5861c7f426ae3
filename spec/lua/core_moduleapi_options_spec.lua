local server = require "boot";
local config = require "core.configmanager";

describe("core.moduleapi.options", function ()
	local module;
	lazy_setup(function ()
		server.load("example", function (given) module = given; end);
	end);
	after_each(function ()
		for _, host in ipairs { "*", "localhost" } do config.set(host, "option", nil); end
	end);

	-- What the option is, read as this type, where the host sets this value.
	local function read(option_type, value, ...)
		config.set("localhost", "option", value);
		return module["get_option"..(option_type and "_"..option_type or "")](module, "option", ...);
	end

	it("gives the value as it is, or else the default", function ()
		local list = { 1 };
		assert.equal(list, read(nil, list));
		assert.is_false(read(nil, false, true));
		assert.equal("default", read(nil, nil, "default"));
		assert.is_nil(read(nil, nil));
	end);

	it("gives the global value where the host has none", function ()
		config.set("*", "option", "global");
		assert.equal("global", module:get_option("option"));
		assert.equal("own", read(nil, "own"));
	end);

	for _, option_type in ipairs { "string", "number", "boolean", "array", "set", "scalar" } do
		it(option_type.." is nil where nothing is set and there is no default", function ()
			assert.is_nil(read(option_type, nil));
		end);
	end

	describe("string", function ()
		for value, text in pairs { text = "text", [5] = "5", [true] = "true", [false] = "false" } do
			it("of "..type(value).." "..tostring(value), function ()
				assert.equal(text, read("string", value, "default"));
			end);
		end

		it("of a list is its first item", function ()
			assert.equal("a", read("string", { "a", "b" }));
			assert.equal("a", read("string", { "a" }));
		end);

		it("of a table that is no list is nil", function ()
			assert.is_nil(read("string", {}, "default"));
			assert.is_nil(read("string", { a = "b" }, "default"));
		end);

		it("is the default where nothing is set", function ()
			assert.equal("default", read("string", nil, "default"));
		end);
	end);

	describe("number", function ()
		it("is a number, or text that is one", function ()
			assert.equal(5, read("number", 5));
			assert.equal(-1.5, read("number", "-1.5"));
			assert.equal(0, read("number", 0, 7));
			assert.equal(1, read("number", { 1, 2 }));
		end);

		it("is the default where nothing is set", function ()
			assert.equal(7, read("number", nil, 7));
		end);

		it("is nil for what is none", function ()
			assert.is_nil(read("number", "many", 7));
			assert.is_nil(read("number", true, 7));
			assert.is_nil(read("number", {}, 7));
		end);

		it("is kept in its bounds, unlike the default #ours", function ()
			assert.equal(10, read("number", 50, 5, 1, 10));
			assert.equal(1, read("number", -50, 5, 1, 10));
			assert.equal(50, read("number", nil, 50, 1, 10));
		end);

		it("fails where it has bounds and is none #ours", function ()
			assert.has_error(function () read("number", "many", 5, 1); end);
			assert.has_error(function () read("number", "many", 5, nil, 10); end);
			assert.is_nil(read("number", "many", nil, 1, 10));
		end);
	end);

	describe("boolean", function ()
		for value, expected in pairs {
			[true] = true, [false] = false, ["true"] = true, ["false"] = false, [1] = true, [0] = false,
		} do
			it("of "..type(value).." "..tostring(value), function ()
				assert.equal(expected, read("boolean", value, not expected));
			end);
		end

		it("is the default where nothing is set", function ()
			assert.is_true(read("boolean", nil, true));
			assert.is_false(read("boolean", nil, false));
		end);

		it("is nil for anything else", function ()
			assert.is_nil(read("boolean", "yes", true));
			assert.is_nil(read("boolean", 2, false));
			assert.is_nil(read("boolean", {}, true));
		end);
	end);

	describe("array and set", function ()
		it("take a list", function ()
			assert.same({ "a", "b" }, read("array", { "a", "b" }));
			assert.truthy(read("set", { "a", "b" }):contains("b"));
		end);

		it("take a single value for a list of it", function ()
			assert.same({ "a" }, read("array", "a"));
			assert.truthy(read("set", 5):contains(5));
		end);

		it("take the default", function ()
			assert.same({ "x" }, read("array", nil, { "x" }));
			assert.truthy(read("set", nil, { "x" }):contains("x"));
			assert.is_true(read("set", nil, {}):empty());
		end);

		it("are new ones each time", function ()
			local list = { "a" };
			read("array", list):push("b");
			assert.same({ "a" }, list);
			read("set", list):add("b");
			assert.falsy(module:get_option_set("option"):contains("b"));
		end);
	end);

	describe("inherited set", function ()
		it("is what host and server set together", function ()
			config.set("*", "option", { "global" });
			local set = read("inherited_set", { "own" });
			assert.truthy(set:contains("global"));
			assert.truthy(set:contains("own"));
		end);

		it("is the default where nothing is set, and what is set for the host together with it", function ()
			assert.truthy(read("inherited_set", nil, { "default" }):contains("default"));
			local set = read("inherited_set", { "own" }, { "default" });
			assert.truthy(set:contains("own"));
			assert.truthy(set:contains("default"));
		end);

		it("is one of them where the other sets nothing", function ()
			assert.truthy(read("inherited_set", { "own" }):contains("own"));
			config.set("localhost", "option", nil);
			config.set("*", "option", { "global" });
			assert.truthy(module:get_option_inherited_set("option"):contains("global"));
		end);
	end);

	describe("path", function ()
		it("starts where it is told", function ()
			assert.equal("/etc/x/file", read("path", "file", nil, "/etc/x"));
			assert.equal("/absolute", read("path", "/absolute", nil, "/etc/x"));
			assert.equal("/etc/x/default", read("path", nil, "default", "/etc/x"));
		end);

		it("starts at the module's folder otherwise", function ()
			module.path = "/usr/lib/modules/mod_example.lua";
			assert.equal("/usr/lib/modules/file", read("path", "file"));
		end);

		it("starts at a folder of the server's, by name", function ()
			server.prosody.paths.spec = "/var/spec";
			assert.equal("/var/spec/file", read("path", "file", nil, "spec"));
		end);
	end);

	-- Types that came with 13.0.
	describe("newer types #ours", function ()
		it("integers have no fraction", function ()
			assert.equal(2, read("integer", 2.9, 1));
			assert.equal(-3, read("integer", -2.1, 1));
			assert.equal(5000000000, read("integer", "5000000000", 1));
			assert.equal(9, read("integer", 50, 5, 1, 9));
			assert.equal(1, read("integer", -50, 5, 1, 9));
			assert.equal(2^53, read("integer", 2^60, 5));
			assert.equal(-2^53, read("integer", -2^60, 5));
			assert.has_error(function () read("integer", "many", 5); end);
			assert.is_nil(read("integer", "many"));
		end);

		for text, seconds in pairs { ["2 days"] = 172800, ["1 week"] = 604800, ["5 min"] = 300, ["1 m"] = 2678400 } do
			it("period of "..text, function ()
				assert.equal(seconds, read("period", text, 99));
			end);
		end

		it("periods are numbers too, or never", function ()
			assert.equal(30, read("period", 30, 99));
			assert.equal(math.huge, read("period", "never", 99));
			assert.equal(math.huge, read("period", false, 99));
			assert.equal(math.huge, read("period", -1, 99));
			assert.equal(0, read("period", 0, 99));
			assert.equal(7200, read("period", nil, "2 hours"));
			assert.is_nil(read("period", "soon", 99));
			assert.is_nil(read("period", true, 99));
			assert.is_nil(read("period", {}, 99));
		end);

		it("periods are kept in bounds, which may be text", function ()
			assert.equal(60, read("period", 1, 99, "1 minute"));
			assert.equal(3600, read("period", "2 days", 99, 1, "1 hour"));
			assert.equal(3600, read("period", math.huge, 99, 1, "1 hour"));
			assert.equal(math.huge, read("period", false, 99, 1, "1 hour"));
		end);

		it("enums are one of their values", function ()
			assert.equal("b", read("enum", "b", "a", "b"));
			assert.equal("c", read("enum", "c", "a", "b"));
			assert.equal("a", read("enum", nil, "a", "b"));
		end);
	end);

	it("tells operators what it does not understand", function ()
		local logged = {};
		require "util.logger".add_simple_sink(function (source, level, message)
			table.insert(logged, source.." "..level.." "..message);
		end, { "error" });
		read("string", { "a" });
		assert.same({}, logged);
		read("string", { "a", "b" });
		assert.equal(
			"localhost:example error Config option 'option' does not take a list, using just the first item",
			table.remove(logged));
		read("number", "many", 5);
		read("boolean", "maybe", true);
		assert.equal("localhost:example error Config option 'option' not understood, expecting a number", logged[1]);
		assert.equal("localhost:example error Config option 'option' not understood, expecting true/false", logged[2]);
		read("number", {}, 5);
		assert.is_nil(logged[3]);
	end);
end);
