local multitable = require "util.multitable";

describe("util.multitable", function ()
	local mt;
	before_each(function ()
		mt = multitable.new();
		mt:set("a", "x", 1);
		mt:set("a", "y", 2);
		mt:set("b", "x", 3);
	end);

	local function sorted(list)
		table.sort(list);
		return list;
	end

	it("gets what was set at a path", function ()
		assert.equal(2, mt:get("a", "y"));
		assert.same({ x = 1, y = 2 }, mt:get("a"));
	end);

	it("gets nil where there is nothing", function ()
		assert.is_nil(mt:get("c"));
		assert.is_nil(mt:get("c", "x"));
		assert.is_nil(mt:get("c", "x", "deep", "down"));
		assert.is_nil(mt:get("__index"));
	end);

	it("sets paths of any length", function ()
		mt:set("deep", "er", "and", "deeper", true);
		assert.is_true(mt:get("deep", "er", "and", "deeper"));
		mt:set("flat", 1);
		assert.equal(1, mt:get("flat"));
	end);

	it("adds to lists", function ()
		mt:add("list", "of", "one");
		mt:add("list", "of", "two");
		assert.same({ "one", "two" }, mt:get("list", "of"));
	end);

	describe("remove", function ()
		it("takes a path away, and what it leaves empty", function ()
			mt:remove("a", "x");
			assert.same({ y = 2 }, mt:get("a"));
			mt:remove("a", "y");
			assert.is_nil(mt:get("a"));
			assert.equal(3, mt:get("b", "x"));
		end);

		it("takes all that match where a key is nil", function ()
			mt:remove(nil, "x");
			assert.same({ a = { y = 2 } }, mt.data);
		end);

		it("passes over paths that are not there", function ()
			mt:remove("c", "x");
			mt:remove("a", "z");
			assert.same({ a = { x = 1, y = 2 }, b = { x = 3 } }, mt.data);
		end);
	end);

	describe("search", function ()
		it("lists what is at a path", function ()
			assert.same({ 1 }, mt:search("a", "x"));
			assert.same({}, mt:search("a", "z"));
		end);

		it("takes any key for nil", function ()
			assert.same({ 1, 3 }, sorted(mt:search(nil, "x")));
			assert.same({ 1, 2 }, sorted(mt:search("a", nil)));
			assert.same({ 1, 2, 3 }, sorted(mt:search(nil, nil)));
		end);

		it("adds to the results of another", function ()
			local results = { 0 };
			assert.equal(results, mt:search_add(results, "b", nil));
			assert.same({ 0, 3 }, results);
			assert.same({ 3 }, mt:search_add(nil, "b", nil));
		end);
	end);

	describe("iter", function ()
		local function paths(...)
			local list = {};
			for first, second, value in mt:iter(...) do
				table.insert(list, first..second..value);
			end
			return sorted(list);
		end

		it("gives the keys and the value of each path", function ()
			assert.same({ "ax1", "ay2", "bx3" }, paths(nil, nil));
			assert.same({ "ax1", "bx3" }, paths(nil, "x"));
			assert.same({ "ax1", "ay2" }, paths("a", nil));
			assert.same({}, paths("c", nil));
		end);

		it("gives tables that are deeper as values", function ()
			local seen = {};
			for key, value in mt:iter(nil) do seen[key] = value; end
			assert.same({ a = { x = 1, y = 2 }, b = { x = 3 } }, seen);
		end);
	end);
end);
