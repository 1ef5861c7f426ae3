local cache = require "util.cache";

local function keys(c)
	local list = {};
	for key in c:items() do table.insert(list, key); end
	return table.concat(list, " ");
end

describe("util.cache", function ()
	local c;
	before_each(function ()
		c = cache.new(3);
		c:set("a", 1);
		c:set("b", 2);
		c:set("c", 3);
	end);

	it("refuses sizes that are none", function ()
		assert.has_error(function () cache.new("many"); end, "cache size must be a number");
		assert.has_error(function () cache.new(0); end, "cache size must be greater than zero");
		assert.has_error(function () cache.new(-1); end, "cache size must be greater than zero");
	end);

	it("drops what was set longest ago", function ()
		assert.is_true(c:set("d", 4));
		assert.is_nil(c:get("a"));
		assert.equal("d c b", keys(c));
		assert.equal(3, c:count());
	end);

	it("makes a key the newest by setting it, not by getting it", function ()
		c:get("a");
		assert.equal("c b a", keys(c));
		c:set("a", "new");
		assert.equal("a c b", keys(c));
		assert.equal("new", c:get("a"));
		assert.equal(3, c:count());
	end);

	it("removes a key by nil, and one that is not there too", function ()
		assert.is_true(c:set("b", nil));
		assert.is_true(c:set("x", nil));
		assert.equal("c a", keys(c));
		assert.equal(2, c:count());
	end);

	it("stores false", function ()
		c:set("b", false);
		assert.is_false(c:get("b"));
		assert.equal("b c a", keys(c));
	end);

	it("knows its newest and its oldest", function ()
		assert.same({ "c", 3 }, { c:head() });
		assert.same({ "a", 1 }, { c:tail() });
	end);

	it("has neither when it is empty", function ()
		c:clear();
		assert.equal(0, c:count());
		assert.is_nil((c:head()));
		assert.is_nil((c:tail()));
		assert.equal("", keys(c));
	end);

	it("iterates over values, newest first", function ()
		local values = {};
		for value in c:values() do table.insert(values, value); end
		assert.same({ 3, 2, 1 }, values);
	end);

	it("takes the names of methods and of metamethods for keys", function ()
		for _, name in ipairs { "set", "size", "__index", "_count" } do
			assert.is_nil(c:get(name));
			c:set(name, name);
			assert.equal(name, c:get(name));
		end
	end);

	describe("on_evict", function ()
		it("gets key and value before they go", function ()
			local evicted = {};
			c = cache.new(1, function (key, value) table.insert(evicted, key..value..c:get(key)); end);
			c:set("a", 1);
			assert.same({}, evicted);
			c:set("b", 2);
			assert.same({ "a11" }, evicted);
		end);

		it("gets the cache too #ours", function ()
			local seen;
			c = cache.new(1, function (_, _, self) seen = self; end);
			c:set("a", 1);
			c:set("b", 2);
			assert.equal(c, seen);
		end);

		it("keeps what it refuses by false", function ()
			c = cache.new(1, function () return false; end);
			assert.is_true(c:set("a", 1));
			assert.is_false(c:set("b", 2));
			assert.is_true(c:set("a", 3));
			assert.equal("a", keys(c));
		end);

		it("may be false itself, so that a full cache stays as it is", function ()
			c = cache.new(1, false);
			c:set("a", 1);
			assert.is_false(c:set("b", 2));
			assert.equal("a", keys(c));
		end);

		it("may make room by itself #ours", function ()
			c = cache.new(1, function (_, _, self) self:resize(2); end);
			c:set("a", 1);
			assert.is_true(c:set("b", 2));
			assert.equal("b a", keys(c));
		end);

		it("is not asked about what is removed on purpose", function ()
			local evicted = spy.new(function () end);
			c = cache.new(1, evicted);
			c:set("a", 1);
			c:set("a", nil);
			c:set("b", 1);
			c:clear();
			assert.spy(evicted).was_not_called();
		end);
	end);

	describe("resize", function ()
		it("drops the oldest", function ()
			assert.is_true(c:resize(1));
			assert.equal("c", keys(c));
			c:set("d", 4);
			assert.equal("d", keys(c));
		end);

		it("makes room", function ()
			assert.is_true(c:resize(4));
			c:set("d", 4);
			assert.equal("d c b a", keys(c));
		end);

		it("leaves the size as it was if an entry may not go", function ()
			c = cache.new(2, function () return false; end);
			c:set("a", 1);
			c:set("b", 2);
			assert.is_false(c:resize(1));
			assert.equal("b a", keys(c));
		end);

		it("refuses sizes that are none", function ()
			assert.has_error(function () c:resize(0); end, "cache size must be greater than zero");
		end);
	end);

	describe("table", function ()
		it("reads and writes the cache", function ()
			local t = c:table();
			assert.equal(1, t.a);
			t.d = 4;
			t.c = nil;
			assert.equal("d b", keys(c));
			assert.equal(t, c:table());
		end);

		it("iterates", function ()
			local list = {};
			for key, value in pairs(c:table()) do table.insert(list, key..value); end
			assert.same({ "c3", "b2", "a1" }, list);
		end);

		it("throws where the cache refuses", function ()
			c = cache.new(1, false);
			c:set("a", 1);
			assert.has_error(function () c:table().b = 2; end, "failed to insert key into cache - full");
		end);
	end);
end);
