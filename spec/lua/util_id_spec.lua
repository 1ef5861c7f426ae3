local id = require "util.id";

describe("util.id", function ()
	for name, length in pairs({ tiny = 4, short = 12, medium = 24, long = 36 }) do
		it(name.." is of its length, in the URL-safe alphabet, and another each time", function ()
			local one = id[name]();
			assert.equal(length, #one);
			assert.truthy(one:match("^[%w_-]+$"));
			assert.not_equal(one, id[name]());
		end);
	end

	it("has no padding", function ()
		assert.equal(2, #id.custom(1)());
	end);
end);
