local set = require "util.set";

-- Sets have no order.
local function items(s)
	local list = {};
	for item in s do table.insert(list, item); end
	table.sort(list);
	return list;
end

describe("util.set", function ()
	local a, b;
	before_each(function ()
		a, b = set.new { 1, 2, 3 }, set.new { 3, 4 };
	end);

	it("knows its items", function ()
		assert.truthy(a:contains(1));
		assert.falsy(a:contains(4));
		assert.falsy(a:contains(nil));
	end);

	it("may hold names of its own methods", function ()
		a = set.new { "add", "__index" };
		assert.truthy(a:contains("__index"));
		assert.falsy(a:contains("_items"));
		a:add("_items");
		assert.same({ "__index", "_items", "add" }, items(a));
	end);

	it("knows whether it holds another", function ()
		assert.is_true(a:contains_set(set.new { 1, 3 }));
		assert.is_true(a:contains_set(set.new()));
		assert.is_false(a:contains_set(b));
	end);

	it("is empty without items", function ()
		assert.is_true(set.new():empty());
		assert.is_true(set.new({}):empty());
		assert.is_false(set.new { "" }:empty());
	end);

	it("is not empty with false in it #ours", function ()
		assert.is_false(set.new { false }:empty());
	end);

	it("knows sets", function ()
		assert.is_true(set.is_set(a));
		assert.is_false(set.is_set({ 1 }));
		assert.is_false(set.is_set(nil));
	end);

	it("is changed item by item", function ()
		a:add(9);
		a:add(9);
		a:remove(1);
		a:remove(100);
		assert.same({ 2, 3, 9 }, items(a));
	end);

	it("is changed by lists and by sets", function ()
		a:add_list { 5, 5 };
		a:add_list(nil);
		a:include(b);
		assert.same({ 1, 2, 3, 4, 5 }, items(a));
		a:exclude(set.new { 2, 9 });
		assert.same({ 1, 3, 4, 5 }, items(a));
	end);

	it("is combined into new sets", function ()
		assert.same({ 1, 2, 3, 4 }, items(set.union(a, b)));
		assert.same({ 1, 2 }, items(set.difference(a, b)));
		assert.same({ 3 }, items(set.intersection(a, b)));
		assert.same({ 1, 2, 4 }, items(set.xor(a, b)));
		assert.same({ 1, 2, 3 }, items(a));
		assert.same({ 3, 4 }, items(b));
	end);

	it("is combined by operators", function ()
		assert.same({ 1, 2, 3, 4 }, items(a + b));
		assert.same({ 1, 2 }, items(a - b));
		assert.same({ 4, 6 }, items(a / function (n) return n > 1 and n * 2 or nil; end));
	end);

	it("equals a set of the same items", function ()
		assert.is_true(a == set.new { 3, 2, 1 });
		assert.is_false(a == b);
		assert.is_false(a == set.new { 1, 2 });
		assert.is_false(set.new { 1, 2 } == a);
	end);

	it("is not equal to a table that is no set", function ()
		assert.is_false(a == { 1, 2, 3 });
		assert.is_false({ 1, 2, 3 } == a);
	end);

	it("is written as its items", function ()
		assert.equal("x", tostring(set.new { "x" }));
		assert.equal("", tostring(set.new()));
	end);

	it("stands for its items when it is serialised", function ()
		local serialize = require "util.serialization".new { preset = "compact", freeze = true };
		assert.equal('set{"x"}', serialize(set.new { "x" }));
	end);

	it("iterates over items", function ()
		local count = 0;
		for item in a:items() do count = count + item; end
		assert.equal(6, count);
	end);
end);
