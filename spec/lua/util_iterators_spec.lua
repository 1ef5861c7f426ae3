local it_lib = require "util.iterators";

local function list(...)
	local results = {};
	for first, second in ... do
		table.insert(results, second == nil and first or { first, second });
	end
	return results;
end

describe("util.iterators", function ()
	it("reverse gives the steps from the last to the first", function ()
		assert.same({ { 2, "b" }, { 1, "a" } }, list(it_lib.reverse(ipairs { "a", "b" })));
		assert.same({}, list(it_lib.reverse(ipairs {})));
	end);

	it("keys and values take a table apart", function ()
		local t = { a = 1, __index = 2 };
		local keys, values = it_lib.to_array(it_lib.keys(t)), it_lib.to_array(it_lib.values(t));
		table.sort(keys);
		table.sort(values);
		assert.same({ "__index", "a" }, keys);
		assert.same({ 1, 2 }, values);
		assert.same({}, list(it_lib.keys {}));
		assert.same({}, list(it_lib.values {}));
	end);

	it("select gives one result of each step", function ()
		assert.same({ "a", "b" }, list(it_lib.select(2, ipairs { "a", "b" })));
	end);

	it("unique leaves out what was there before", function ()
		assert.same({ "a", "b", "c" }, list(it_lib.unique(it_lib.values { "a", "b", "a", "c", "b" })));
	end);

	it("count counts steps", function ()
		assert.equal(3, it_lib.count(pairs { 1, 2, x = 3 }));
		assert.equal(0, it_lib.count(pairs {}));
	end);

	describe("parts", function ()
		local letters = { "a", "b", "c", "d" };

		it("head is the start", function ()
			assert.same({ { 1, "a" }, { 2, "b" } }, list(it_lib.head(2, ipairs(letters))));
			assert.same({}, list(it_lib.head(0, ipairs(letters))));
			assert.equal(4, #list(it_lib.head(9, ipairs(letters))));
		end);

		it("tail is the end", function ()
			assert.same({ { 3, "c" }, { 4, "d" } }, list(it_lib.tail(2, ipairs(letters))));
			assert.equal(4, #list(it_lib.tail(4, ipairs(letters))));
		end);

		it("tail is everything if there is less #ours", function ()
			assert.equal(4, #list(it_lib.tail(9, ipairs(letters))));
		end);

		it("skip is the rest", function ()
			assert.same({ { 3, "c" }, { 4, "d" } }, list(it_lib.skip(2, ipairs(letters))));
			assert.equal(4, #list(it_lib.skip(0, ipairs(letters))));
			assert.same({}, list(it_lib.skip(4, ipairs(letters))));
		end);

		it("skip goes past the end without starting over #ours", function ()
			assert.same({}, list(it_lib.skip(9, ipairs(letters))));
		end);
	end);

	describe("filter", function ()
		it("keeps what the function accepts, with all results", function ()
			local function is_b(_, letter) return letter == "b"; end
			assert.same({ { 2, "b" } }, list(it_lib.filter(is_b, ipairs { "a", "b" })));
		end);

		it("leaves out a value", function ()
			assert.same({ "b" }, list(it_lib.filter("a", it_lib.values { "a", "b", "a" })));
		end);
	end);

	it("range counts", function ()
		assert.same({ 1, 2, 3 }, list(it_lib.range(3)));
		assert.same({ 3, 4, 5 }, list(it_lib.range(3, 5)));
		assert.same({ 5 }, list(it_lib.range(5, 5)));
		assert.same({}, list(it_lib.range(5, 4)));
	end);

	it("ripairs is ipairs from the end", function ()
		assert.same({ { 2, "b" }, { 1, "a" } }, list(it_lib.ripairs { "a", "b" }));
		assert.same({}, list(it_lib.ripairs {}));
	end);

	it("to_array and to_table collect", function ()
		assert.same({ 1, 2 }, it_lib.to_array(ipairs { "a", "b" }));
		assert.same({ "a", "b" }, it_lib.to_table(ipairs { "a", "b" }));
	end);

	describe("sorted_pairs", function ()
		it("goes by the order of keys", function ()
			assert.same({ { "a", 1 }, { "b", 2 }, { "c", 3 } }, list(it_lib.sorted_pairs { c = 3, a = 1, b = 2 }));
		end);

		it("goes by the order that it is told", function ()
			local function descending(left, right) return left > right; end
			assert.same({ { "b", 2 }, { "a", 1 } }, list(it_lib.sorted_pairs({ a = 1, b = 2 }, descending)));
		end);
	end);

	describe("join", function ()
		it("runs iterators one after the other", function ()
			assert.same({ { 1, "a" }, { 1, "b" }, { 2, "c" } }, list(it_lib.join(ipairs { "a" }):append(ipairs { "b", "c" })));
		end);

		it("puts iterators before the others #ours", function ()
			assert.same({ "a", "b" }, list(it_lib.join(it_lib.values { "b" }):prepend(it_lib.values { "a" })));
		end);

		it("passes over empty ones", function ()
			assert.same({ "a" }, list(it_lib.join(it_lib.values {}):append(it_lib.values { "a" }):append(it_lib.values {})));
		end);
	end);
end);
