local random = require "util.random";

describe("util.random", function ()
	it("gives as many bytes as are asked for", function ()
		for _, count in ipairs { 1, 2, 33, 1000 } do
			assert.equal(count, #random.bytes(count));
		end
	end);

	it("gives no bytes where none are asked for #ours", function ()
		assert.equal("", random.bytes(0));
	end);

	it("gives other bytes each time", function ()
		assert.not_equal(random.bytes(16), random.bytes(16));
	end);

	it("uses all values of a byte", function ()
		local seen, count = {}, 0;
		for byte in random.bytes(10000):gmatch(".") do
			if not seen[byte] then
				seen[byte] = true;
				count = count + 1;
			end
		end
		assert.equal(256, count);
	end);

	it("refuses what is no number of bytes", function ()
		assert.has_error(function () random.bytes("many"); end);
		assert.has_error(function () random.bytes(-1); end);
	end);
end);
