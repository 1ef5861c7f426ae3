local t = require "util.table";

describe("util.table", function ()
	it("creates empty tables", function ()
		assert.same({}, t.create(5, 10));
		assert.same({}, t.create(0, 0));
	end);

	it("wants two sizes", function ()
		assert.has_error(function () t.create(); end);
		assert.has_error(function () t.create(1, "x"); end);
	end);

	it("packs arguments with their number, nils too", function ()
		assert.same({ n = 0 }, t.pack());
		assert.same({ n = 3, "a", nil, nil }, t.pack("a", nil, nil));
	end);

	describe("move #ours", function ()
		it("copies to another table", function ()
			assert.same({ "x", "b", "c" }, t.move({ "a", "b", "c" }, 2, 3, 2, { "x" }));
		end);

		it("moves within a table, over itself in either direction", function ()
			assert.same({ 1, 1, 2, 3 }, t.move({ 1, 2, 3 }, 1, 3, 2));
			assert.same({ 2, 3, 3 }, t.move({ 1, 2, 3 }, 2, 3, 1));
		end);

		it("moves nothing where the range is empty", function ()
			assert.same({ 1 }, t.move({ 1 }, 2, 1, 5));
		end);
	end);
end);
