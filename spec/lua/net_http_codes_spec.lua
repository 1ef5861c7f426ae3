local codes = require "net.http.codes";

describe("net.http.codes", function ()
	it("writes status lines", function ()
		assert.equal("200 OK", codes[200]);
		assert.equal("201 Created", codes[201]);
		assert.equal("404 Not Found", codes[404]);
		assert.equal("410 Gone", codes[410]);
		assert.equal("429 Too Many Requests", codes[429]);
		assert.equal("418 I'm a teapot", codes[418]);
	end);

	it("knows all that are registered", function ()
		local ranges = { { 100, 103 }, { 200, 208 }, { 226, 226 }, { 300, 305 }, { 307, 308 }, { 400, 418 }, { 421, 426 },
			{ 428, 429 }, { 431, 431 }, { 451, 451 }, { 500, 508 }, { 510, 511 } };
		local count = 0;
		for _, range in ipairs(ranges) do
			for code = range[1], range[2] do
				assert.matches("^"..code.." %u", codes[code]);
				assert.not_equal(code.." Unassigned", codes[code]);
				count = count + 1;
			end
		end
		for _ in pairs(codes) do count = count - 1; end
		assert.equal(0, count);
	end);

	it("has something to say of any code", function ()
		assert.equal("299 Unassigned", codes[299]);
		assert.equal("999 Unassigned", codes[999]);
	end);
end);
