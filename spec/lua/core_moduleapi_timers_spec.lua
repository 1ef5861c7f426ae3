local server = require "boot";
local clock = require "bridge.machine".clock;

describe("core.moduleapi.timers", function ()
	local module, rang;
	before_each(function ()
		rang = spy.new(function () end);
		server.load("example", function (given) module = given; end);
	end);
	after_each(function ()
		pcall(server.unload, "example");
	end);

	it("calls back with the time and what was given", function ()
		local due = clock.now() + 5;
		module:add_timer(5, rang, "a", nil, "c");
		clock.advance(4);
		assert.spy(rang).was_not_called();
		clock.advance(2);
		assert.spy(rang).was_called(1);
		local arguments = rang.calls[1].vals;
		assert.near(due, arguments[1], 0.5);
		assert.equal("a", arguments[2]);
		assert.is_nil(arguments[3]);
		assert.equal("c", arguments[4]);
	end);

	it("calls again after as many seconds as the callback returns", function ()
		local count = 0;
		module:add_timer(1, function ()
			count = count + 1;
			return count < 3 and 1 or nil;
		end);
		clock.advance(10);
		assert.equal(3, count);
	end);

	it("stops, by either name", function ()
		module:add_timer(1, rang):stop();
		module:add_timer(1, rang):disarm();
		clock.advance(5);
		assert.spy(rang).was_not_called();
	end);

	it("can be put off", function ()
		local timer = module:add_timer(1, rang);
		timer:reschedule(10);
		clock.advance(9);
		assert.spy(rang).was_not_called();
		clock.advance(2);
		assert.spy(rang).was_called(1);
	end);

	it("never calls a module that is unloaded", function ()
		module:add_timer(1, rang);
		server.unload("example");
		clock.advance(5);
		assert.spy(rang).was_not_called();
	end);

	it("goes on with other timers when a callback throws", function ()
		module:add_timer(1, error, "oops");
		module:add_timer(2, rang);
		clock.advance(5);
		assert.spy(rang).was_called(1);
	end);
end);
