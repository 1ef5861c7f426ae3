local server = require "boot";
local events = server.prosody.hosts.localhost.events;

describe("core.moduleapi.items", function ()
	local a, b;
	before_each(function ()
		server.load("a", function (module) a = module; end);
		server.load("b", function (module) b = module; end);
	end);
	after_each(function ()
		pcall(server.unload, "a");
		server.unload("b");
	end);

	it("announces what is added and removed", function ()
		local seen = {};
		a:hook("item-added/thing", function (event)
			assert.equal(b, event.source);
			table.insert(seen, "+"..event.item);
		end);
		a:hook("item-removed/thing", function (event) table.insert(seen, "-"..event.item); end);
		b:add_item("thing", "one");
		assert.equal("one", b:remove_item("thing", "one"));
		assert.is_nil(b:remove_item("thing", "one"));
		assert.is_nil(b:remove_item("nothing", "one"));
		assert.same({ "+one", "-one" }, seen);
	end);

	it("lists the items of the host", function ()
		a:add_item("thing", "one");
		b:add_item("thing", "two");
		local items = a:get_host_items("thing");
		table.sort(items);
		assert.same({ "one", "two" }, items);
		assert.same({}, a:get_host_items("nothing"));
	end);

	describe("handle_items", function ()
		local seen, added, removed;
		before_each(function ()
			seen = {};
			function added(event) table.insert(seen, "+"..event.item); end
			function removed(event) table.insert(seen, "-"..event.item); end
		end);

		it("tells of items that are there, that come and that go", function ()
			a:add_item("thing", "early");
			b:handle_items("thing", added, removed);
			b:add_item("thing", "own");
			server.unload("a");
			assert.same({ "+early", "+own", "-early" }, seen);
		end);

		it("tells of new ones alone on demand", function ()
			a:add_item("thing", "early");
			b:handle_items("thing", added, removed, false);
			assert.same({}, seen);
			a:add_item("thing", "late");
			assert.same({ "+late" }, seen);
		end);
	end);

	it("offers features, identities and extensions", function ()
		a:add_feature("urn:x");
		a:add_identity("automation", "ping", "Ping");
		a:add_extension("form");
		assert.same({ "urn:x" }, a:get_host_items("feature"));
		assert.same({ { category = "automation", type = "ping", name = "Ping" } }, a:get_host_items("identity"));
		assert.same({ "form" }, a:get_host_items("extension"));
	end);

	describe("provides", function ()
		local function provided(kind)
			return a:get_host_items(kind.."-provider")[1];
		end

		it("is named after the module, without what it provides", function ()
			server.load("auth_mine", function (module) module:provides("auth", { check = 1 }); end);
			finally(function () server.unload("auth_mine"); end);
			assert.equal("mine", provided("auth").name);
			assert.equal("auth_mine", provided("auth")._provided_by);
			assert.equal(1, provided("auth").check);
		end);

		it("keeps a name that is given", function ()
			a:provides("thing", { name = "given" });
			assert.equal("given", provided("thing").name);
		end);

		it("is named as the module where that says nothing", function ()
			a:provides("net", {});
			assert.equal("a", provided("net").name);
		end);

		it("offers the module's globals without an item", function ()
			a.environment.check = function () return "checked"; end;
			a:provides("thing");
			assert.equal("checked", provided("thing").check());
			assert.is_nil(provided("thing").module);
		end);
	end);

	it("fires nothing on other hosts", function ()
		local heard = false;
		events.add_handler("item-added/quiet", function () heard = true; end);
		a:context("*"):add_item("quiet", "x");
		assert.is_false(heard);
	end);
end);
