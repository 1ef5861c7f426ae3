local hex = require "util.hex";

describe("util.hex", function ()
	it("goes there and back", function ()
		assert.equal("00ff1a", hex.encode("\0\255\26"));
		assert.equal("\0\255\26", hex.decode("00FF1a"));
		assert.equal("", hex.decode(hex.encode("")));
	end);

	it("skips what parts the pairs", function ()
		assert.equal("\1\2", hex.decode("01:02"));
	end);
end);
