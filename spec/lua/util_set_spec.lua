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
		assert.is_true(a:contains_set(set.new { 1, 3 }));
		assert.is_false(a:contains_set(b));
		assert.is_true(set.new():empty());
		assert.is_false(set.new { false }:empty());
	end);

	it("is changed item by item and set by set", function ()
		a:add(9);
		a:remove(1);
		assert.same({ 2, 3, 9 }, items(a));
		a:include(b);
		assert.same({ 2, 3, 4, 9 }, items(a));
		a:exclude(set.new { 2, 9 });
		assert.same({ 3, 4 }, items(a));
		a:add_list { 5 };
		a:add_list(nil);
		assert.same({ 3, 4, 5 }, items(a));
	end);

	it("is combined", function ()
		assert.same({ 1, 2, 3, 4 }, items(a + b));
		assert.same({ 1, 2 }, items(a - b));
		assert.same({ 3 }, items(set.intersection(a, b)));
		assert.same({ 1, 2, 4 }, items(set.xor(a, b)));
		assert.same({ 4, 6 }, items(a / function (n) return n > 1 and n * 2 or nil; end));
	end);

	it("is compared by its items", function ()
		assert.is_true(a == set.new { 3, 2, 1 });
		assert.is_false(a == b);
		assert.is_false(a == {});
	end);
end);
