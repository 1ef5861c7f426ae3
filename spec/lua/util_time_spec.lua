local time = require "util.time";

describe("util.time", function ()
	it("tells seconds since the epoch", function ()
		assert.near(os.time(), time.now(), 2);
	end);

	it("goes on, never back", function ()
		local before = time.monotonic();
		assert.is_number(before);
		assert.is_true(time.monotonic() >= before);
	end);
end);
