require "boot";
local clock = require "bridge.machine".clock;
local watchdog = require "util.watchdog";

describe("util.watchdog", function ()
	local bark, dog;
	before_each(function ()
		bark = spy.new(function () end);
		dog = watchdog.new(10, bark);
	end);

	it("barks when nobody resets it, a second or so later", function ()
		clock.advance(10);
		assert.spy(bark).was_not_called();
		clock.advance(2);
		assert.spy(bark).was_called(1);
	end);

	it("barks at nobody but its owner", function ()
		clock.advance(12);
		assert.equal(dog, bark.calls[1].refs[1]);
		assert.equal(10, dog.timeout);
	end);

	it("waits anew after each reset", function ()
		for _ = 1, 5 do
			clock.advance(8);
			dog:reset();
		end
		assert.spy(bark).was_not_called();
		clock.advance(13);
		assert.spy(bark).was_called(1);
	end);

	it("is quiet once it is cancelled", function ()
		dog:cancel();
		clock.advance(100);
		assert.spy(bark).was_not_called();
	end);

	it("has a callback that can be replaced", function ()
		local other = spy.new(function () end);
		dog.callback = other;
		clock.advance(12);
		assert.spy(bark).was_not_called();
		assert.spy(other).was_called(1);
	end);
end);
