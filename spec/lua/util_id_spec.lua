local id = require "util.id";

describe("util.id", function ()
	for name, length in pairs { tiny = 4, short = 12, medium = 24, long = 36 } do
		it(name.." is of its length, in the URL-safe alphabet, and another each time", function ()
			local one = id[name]();
			assert.equal(length, #one);
			assert.matches("^[%w_-]+$", one);
			assert.not_equal(one, id[name]());
		end);
	end

	it("custom makes ids of that many bytes, without padding", function ()
		for size, length in pairs { [1] = 2, [2] = 3, [3] = 4, [4] = 6 } do
			assert.matches("^[%w_-]+$", id.custom(size)());
			assert.equal(length, #id.custom(size)());
		end
	end);
end);
