local hex = require "util.hex";

describe("util.hex", function ()
	it("writes bytes in lower case", function ()
		assert.equal("00ff1a", hex.encode("\0\255\26"));
		assert.equal("", hex.encode(""));
	end);

	it("reads either case", function ()
		assert.equal("\0\255\26", hex.decode("00FF1a"));
		assert.equal("", hex.decode(""));
	end);

	it("gives back every byte", function ()
		local bytes = {};
		for code = 0, 255 do bytes[code + 1] = string.char(code); end
		bytes = table.concat(bytes);
		assert.equal(bytes, hex.decode(hex.encode(bytes)));
	end);

	it("skips what parts the pairs", function ()
		assert.equal("\1\2", hex.decode("01:02"));
		assert.equal("\1\2", hex.decode(" 01\n02 "));
	end);

	it("still has its old names", function ()
		assert.equal(hex.encode, hex.to);
		assert.equal(hex.decode, hex.from);
	end);
end);
