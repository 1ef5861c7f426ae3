local uuid = require "util.uuid";

describe("util.uuid", function ()
	local pattern = "^%x%x%x%x%x%x%x%x%-%x%x%x%x%-VERSION%x%x%x%-[89ab]%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$";

	it("generates version 4", function ()
		for _ = 1, 50 do
			assert.matches(pattern:gsub("VERSION", "4"), uuid.generate());
		end
	end);

	it("generates another each time", function ()
		local seen = {};
		for _ = 1, 50 do
			local one = uuid.generate();
			assert.is_nil(seen[one]);
			seen[one] = true;
		end
	end);

	it("gives nibbles, of odd number too", function ()
		assert.matches("^%x%x%x%x%x$", uuid.get_nibbles(5));
		assert.equal("", uuid.get_nibbles(0));
	end);

	describe("v7 #ours", function ()
		it("is of its version", function ()
			assert.matches(pattern:gsub("VERSION", "7"), uuid.v7());
		end);

		it("starts with the time", function ()
			local seconds = tonumber(uuid.v7():sub(1, 8), 16) * 16;
			assert.near(os.time(), seconds, 20);
		end);

		it("sorts by the order of generation", function ()
			local last = uuid.v7();
			for _ = 1, 100 do
				local next_one = uuid.v7();
				assert.is_true(last < next_one);
				last = next_one;
			end
		end);
	end);
end);
