local server = require "boot";
local config = require "core.configmanager";
local storagemanager = require "core.storagemanager";

local events = server.prosody.hosts.localhost.events;

describe("core.storagemanager", function ()
	describe("keyval stores", function ()
		local store;
		before_each(function ()
			store = assert(storagemanager.open("localhost", "spec_keyval"));
			for _, user in ipairs { "juliet", "romeo", "__proto__" } do store:set(user, nil); end
		end);

		it("give back what was stored", function ()
			local data = { list = { 1, 2 }, [true] = "\255\0ü", number = 2^40, ["a b"] = false };
			assert.is_true(store:set("juliet", data));
			assert.same(data, store:get("juliet"));
		end);

		it("give back copies", function ()
			local data = { 1 };
			store:set("juliet", data);
			data[1] = 2;
			assert.same({ 1 }, store:get("juliet"));
		end);

		it("have nothing for those who stored nothing", function ()
			assert.is_nil((store:get("juliet")));
			assert.is_nil((store:get("length")));
		end);

		it("keep users apart, whatever their names", function ()
			store:set("__proto__", { "a" });
			store:set("../juliet", { "b" });
			assert.same({ "a" }, store:get("__proto__"));
			assert.same({ "b" }, store:get("../juliet"));
			assert.is_nil((store:get("juliet")));
			store:set("../juliet", nil);
		end);

		it("keep the host's own data under no user", function ()
			store:set(nil, { "host" });
			assert.same({ "host" }, store:get(nil));
			assert.is_nil((store:get("juliet")));
			store:set(nil, nil);
		end);

		it("delete by nil and by what is empty", function ()
			for _, delete in ipairs { function () return nil; end, function () return {}; end } do
				store:set("juliet", { 1 });
				assert.is_true(store:set("juliet", delete()));
				assert.is_nil((store:get("juliet")));
			end
		end);

		it("list their users", function ()
			store:set("juliet", { 1 });
			store:set("romeo", { 1 });
			local users = {};
			for user in store:users() do users[user] = true; end
			assert.same({ juliet = true, romeo = true }, users);
		end);

		it("share what is stored under one name", function ()
			store:set("juliet", { 1 });
			assert.same({ 1 }, storagemanager.open("localhost", "spec_keyval", "keyval"):get("juliet"));
			assert.is_nil((storagemanager.open("localhost", "spec_other"):get("juliet")));
		end);
	end);

	describe("map stores", function ()
		local map, keyval;
		before_each(function ()
			map = assert(storagemanager.open("localhost", "spec_map", "map"));
			keyval = assert(storagemanager.open("localhost", "spec_map"));
			keyval:set("juliet", nil);
			keyval:set("romeo", nil);
		end);

		it("set and get key by key", function ()
			assert.is_true(map:set("juliet", "a", { 1 }));
			assert.is_true(map:set("juliet", "b", false));
			assert.same({ 1 }, map:get("juliet", "a"));
			assert.is_false(map:get("juliet", "b"));
			assert.is_nil(map:get("juliet", "c"));
			assert.is_nil((map:get("nobody", "a")));
		end);

		it("are the keyval store of the same name", function ()
			map:set("juliet", "__index", "x");
			assert.same({ __index = "x" }, keyval:get("juliet"));
		end);

		it("remove a key by nil, and the last with everything", function ()
			map:set("juliet", "a", 1);
			map:set("juliet", "b", 2);
			map:set("juliet", "a", nil);
			assert.same({ b = 2 }, keyval:get("juliet"));
			map:set("juliet", "b", nil);
			assert.is_nil((keyval:get("juliet")));
		end);

		it("set and remove several keys at a time", function ()
			map:set("juliet", "old", 1);
			assert.is_true(map:set_keys("juliet", { a = 1, b = 2, old = map.remove }));
			assert.same({ a = 1, b = 2 }, keyval:get("juliet"));
		end);

		it("find a key with all users", function ()
			map:set("juliet", "a", 1);
			map:set("romeo", "a", 2);
			map:set("romeo", "b", 3);
			assert.same({ juliet = 1, romeo = 2 }, map:get_all("a"));
			assert.is_nil((map:get_all("c")));
		end);

		it("delete a key from all users", function ()
			map:set("juliet", "a", 1);
			map:set("romeo", "a", 2);
			map:set("romeo", "b", 3);
			assert.is_true(map:delete_all("a"));
			assert.is_nil((keyval:get("juliet")));
			assert.same({ b = 3 }, keyval:get("romeo"));
		end);

		it("want a key that is text", function ()
			for _, key in ipairs { "", 5, false } do
				assert.same({ nil, "get_all only supports non-empty string keys" }, { map:get_all(key) });
				assert.same({ nil, "delete_all only supports non-empty string keys" }, { map:delete_all(key) });
			end
		end);
	end);

	-- Since 13.0.
	describe("combined stores #ours", function ()
		local store;
		before_each(function ()
			store = assert(storagemanager.open("localhost", "spec_combined", "keyval+"));
			store:set("juliet", nil);
		end);

		it("are keyval and map stores in one", function ()
			store:set("juliet", { a = 1 });
			store:set_key("juliet", "b", 2);
			store:set_keys("juliet", { c = 3, a = store.remove });
			assert.same({ b = 2, c = 3 }, store:get("juliet"));
			assert.equal(2, store:get_key("juliet", "b"));
			assert.same({ juliet = 3 }, store:get_key_from_all("c"));
			assert.is_true(store:delete_key_from_all("c"));
			assert.same({ b = 2 }, store:get("juliet"));
			local users = {};
			for user in store:items() do table.insert(users, user); end
			assert.same({ "juliet" }, users);
		end);
	end);

	describe("drivers", function ()
		after_each(function ()
			config.set("localhost", "storage", nil);
			config.set("localhost", "default_storage", nil);
		end);

		it("are internal where nothing is said", function ()
			local driver, name = storagemanager.get_driver("localhost", "anything");
			assert.equal("internal", name);
			assert.equal("internal", driver.name);
		end);

		it("null stores nothing, and says so", function ()
			config.set("localhost", "storage", { spec_null = "null" });
			local store = storagemanager.open("localhost", "spec_null");
			assert.same({ false, "no data storage active" }, { store:set("juliet", { 1 }) });
			assert.same({ false, "no data storage active" }, { store:get("juliet") });
			assert.equal("internal", select(2, storagemanager.get_driver("localhost", "spec_other")));
		end);

		it("that are not there are replaced by null", function ()
			config.set("localhost", "storage", "unheard-of");
			assert.same({ false, "no data storage active" }, { storagemanager.open("localhost", "x"):get("juliet") });
		end);

		it("come from modules, for all stores or some", function ()
			local opened = {};
			server.load("storage_mine", function (module)
				module:provides("storage", {
					open = function (_, store, store_type)
						table.insert(opened, store.." "..tostring(store_type));
						return { get = function () return "mine"; end };
					end;
				});
			end);
			config.set("localhost", "storage", "mine");
			assert.equal("mine", storagemanager.open("localhost", "a"):get("juliet"));
			config.set("localhost", "storage", { b = "mine" });
			assert.equal("mine", storagemanager.open("localhost", "b", "map"):get("juliet"));
			assert.is_nil((storagemanager.open("localhost", "spec_c"):get("juliet")));
			config.set("localhost", "storage", nil);
			config.set("localhost", "default_storage", "mine");
			assert.equal("mine", storagemanager.open("localhost", "d", "archive"):get("juliet"));
			assert.same({ "a nil", "b map", "d archive" }, opened);
			server.unload("storage_mine");
		end);

		it("tell why a store cannot be opened", function ()
			server.load("storage_broken", function (module)
				module:provides("storage", { open = function () return nil, "out of order"; end });
			end);
			config.set("localhost", "storage", "broken");
			assert.same({ nil, "out of order" }, { storagemanager.open("localhost", "x") });
			server.unload("storage_broken");
		end);
	end);

	it("announces stores, which handlers may replace", function ()
		local seen;
		local function replace(event)
			seen = { event.host, event.store_name, event.store_type };
			event.store = "replaced";
		end
		events.add_handler("store-opened", replace);
		finally(function () events.remove_handler("store-opened", replace); end);
		assert.equal("replaced", (storagemanager.open("localhost", "spec_event", "keyval")));
		assert.same({ "localhost", "spec_event", "keyval" }, seen);
	end);
end);
