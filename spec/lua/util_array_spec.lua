local array = require "util.array";

describe("util.array", function ()
	describe("called", function ()
		it("makes the table itself an array", function ()
			local list = { "a", "b" };
			assert.equal(list, array(list));
			assert.equal(2, list:length());
		end);

		it("has a name of its own #ours", function ()
			local list = { "a", "b" };
			assert.equal(list, array.new(list));
			assert.equal(2, list:length());
		end);

		it("makes an empty one of nothing", function ()
			assert.same({}, array());
			assert.equal("{}", tostring(array()));
		end);

		it("collects the first results of an iterator", function ()
			assert.same({ "x", "y" }, array(("x-y"):gmatch("%a")));
			assert.same({ 1, 2 }, array.collect(ipairs { "x", "y" }));
		end);
	end);

	-- As a method each changes the array, as a function it leaves it alone.
	local cases = {
		map = { from = { 1, 2, 3 }, with = { function (n) return n * 2; end }, to = { 2, 4, 6 } };
		filter = { from = { 1, 2, 3, 4 }, with = { function (n) return n % 2 == 0; end }, to = { 2, 4 } };
		slice = { from = { "a", "b", "c" }, with = { 2, 3 }, to = { "b", "c" } };
		sort = { from = { 3, 1, 2 }, with = {}, to = { 1, 2, 3 } };
		unique = { from = { "a", "b", "a", "c", "b" }, with = {}, to = { "a", "b", "c" } };
		pluck = { from = { { x = 1 }, { x = false }, {} }, with = { "x", "none" }, to = { 1, false, "none" } };
		reverse = { from = { 1, 2, 3 }, with = {}, to = { 3, 2, 1 } };
	};
	for name, case in pairs(cases) do
		describe(name, function ()
			local list;
			before_each(function ()
				list = array { table.unpack(case.from) };
			end);

			it("changes the array as a method", function ()
				assert.equal(list, list[name](list, table.unpack(case.with)));
				assert.same(case.to, list);
			end);

			it("makes a new one as a function", function ()
				local result = array[name](list, table.unpack(case.with));
				assert.same(case.to, result);
				assert.same(case.from, list);
			end);

			it("leaves an empty array empty", function ()
				assert.same({}, array[name](array(), table.unpack(case.with)));
			end);
		end);
	end

	describe("slice", function ()
		local function slice(first, last)
			return array.slice(array { "a", "b", "c", "d" }, first, last):concat();
		end

		it("counts from the end where a position is negative", function ()
			assert.equal("cd", slice(-2));
			assert.equal("bc", slice(2, -2));
		end);

		it("stays within the array", function ()
			assert.equal("abcd", slice(-10, 10));
			assert.equal("abcd", slice(0));
		end);

		it("is empty where it ends before it starts", function ()
			assert.equal("", slice(3, 2));
			assert.equal("", slice(9));
		end);
	end);

	it("sorts by a function", function ()
		assert.same({ 3, 2, 1 }, array { 2, 3, 1 }:sort(function (a, b) return a > b; end));
	end);

	it("grows and shrinks at its end", function ()
		local list = array {};
		assert.equal(list, list:push("a"):push("b"));
		assert.equal("b", list:pop());
		assert.equal("a", list:pop());
		assert.is_nil(list:pop());
	end);

	it("gives up the item at a position", function ()
		local list = array { "a", "b", "c" };
		assert.equal("b", list:pop(2));
		assert.same({ "a", "c" }, list);
	end);

	it("appends another list, itself too", function ()
		local list = array { 1, 2 };
		assert.equal(list, list:append { 3 });
		assert.same({ 1, 2, 3 }, list);
		assert.same({ 1, 2, 3, 1, 2, 3 }, list:append(list));
	end);

	it("puts items of all types into text", function ()
		assert.equal("1, true, x", array { 1, true, "x" }:concat(", "));
		assert.equal("{1, true, x}", tostring(array { 1, true, "x" }));
	end);

	it("adds up to a new array", function ()
		local left, right = array { 1 }, array { 2 };
		assert.same({ 1, 2 }, left + right);
		assert.same({ 1 }, left);
	end);

	it("is divided by a function, which leaves items out by nil", function ()
		assert.same({ "1", false }, array { 1, 2, 3 } / function (n)
			if n == 3 then return false; end
			return n == 1 and "1" or nil;
		end);
	end);

	it("equals an array of the same items in the same order", function ()
		assert.is_true(array { 1, 2 } == array { 1, 2 });
		assert.is_false(array { 1, 2 } == array { 2, 1 });
		assert.is_false(array { 1, 2 } == array { 0, 2 });
		assert.is_false(array { 1, 2 } == array { 1, 2, 3 });
	end);

	it("is not equal to a table that is no array #ours", function ()
		assert.is_false(array { 1 } == setmetatable({ 1 }, {}));
		assert.is_false(array { 1 } == { 1 });
	end);

	it("draws items by chance", function ()
		local list = array { "a", "b", "c" };
		local drawn, others = {}, {};
		for _ = 1, 200 do
			drawn[list:random()] = true;
			others[list:random_other(2)] = true;
		end
		assert.same({ a = true, b = true, c = true }, drawn);
		assert.same({ a = true, c = true }, others);
	end);

	it("keeps all its items when shuffled", function ()
		local list = array { 1, 2, 3, 4, 5, 6 };
		assert.equal(list, list:shuffle());
		assert.same({ 1, 2, 3, 4, 5, 6 }, array.sort(list));
	end);
end);
