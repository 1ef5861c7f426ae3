-- The loader of this environment; Prosody's looks into its folders of plugins.
describe("util.pluginloader #ours", function ()
	local pluginloader;
	lazy_setup(function ()
		require "boot";
		pluginloader = require "util.pluginloader";
	end);

	it("says that it does not know a module", function ()
		local code, err = pluginloader.load_code("unheard-of", {});
		assert.is_nil(code);
		assert.matches("no module of this name", err);
	end);

	it("runs a function with module, prosody and require", function ()
		local seen;
		pluginloader.register("function", function (...) seen = { ... }; end);
		local module = {};
		pluginloader.load_code("function", { module = module })();
		assert.equal(module, seen[1]);
		assert.equal(prosody, seen[2]);
		assert.is_function(seen[3]);
	end);

	it("asks a finder for what was not registered", function ()
		local asked = {};
		local function source() end
		pluginloader.set_finder(function (name)
			table.insert(asked, name);
			return name == "findable" and source or nil;
		end);
		finally(function () pluginloader.set_finder(nil); end);
		assert.equal(source, pluginloader.source_of("findable"));
		assert.is_function((pluginloader.load_code("findable", {})));
		assert.is_nil(pluginloader.source_of("unheard-of"));
		assert.same({ "findable"; "unheard-of" }, asked);
	end);

	it("says which file it cannot read", function ()
		pluginloader.register("absent", "/nowhere/mod_absent.lua");
		local code, err = pluginloader.load_code("absent", {});
		assert.is_nil(code);
		assert.matches("/nowhere/mod_absent.lua", err, 1, true);
	end);

	it("says that a plugin has no such file", function ()
		local code, err = pluginloader.load_code_ext("x", "helper", "lib.lua", {});
		assert.is_nil(code);
		assert.matches("helper.lib.lua", err, 1, true);
	end);
end);
