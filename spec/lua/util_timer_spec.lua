require "boot";
local clock = require "bridge.machine".clock;
local timer = require "util.timer";

describe("util.timer", function ()
	local rang;
	before_each(function ()
		rang = {};
	end);

	local function ring(name, again)
		return function ()
			table.insert(rang, name);
			local seconds = again;
			again = nil;
			return seconds;
		end;
	end

	it("calls back once, after so many seconds", function ()
		timer.add_task(5, ring "a");
		clock.advance(4.5);
		assert.same({}, rang);
		clock.advance(0.5);
		assert.same({ "a" }, rang);
		clock.advance(100);
		assert.same({ "a" }, rang);
	end);

	it("calls back by what is due first, not by what was added first", function ()
		timer.add_task(3, ring "c");
		timer.add_task(1, ring "a");
		timer.add_task(2, ring "b");
		clock.advance(10);
		assert.same({ "a", "b", "c" }, rang);
	end);

	it("tells the callback the time, its id and its parameter", function ()
		local now, given_id, given_param;
		local param = {};
		local id = timer.add_task(2, function (...) now, given_id, given_param = ...; end, param);
		local due = clock.now() + 2;
		clock.advance(2);
		assert.near(due, now, 0.5);
		assert.equal(id, given_id);
		assert.equal(param, given_param);
	end);

	it("calls again after as many seconds as the callback returns", function ()
		timer.add_task(1, ring("a", 10));
		clock.advance(10);
		assert.same({ "a" }, rang);
		clock.advance(2);
		assert.same({ "a", "a" }, rang);
		clock.advance(100);
		assert.same({ "a", "a" }, rang);
	end);

	it("can be stopped before it is due", function ()
		local id = timer.add_task(1, ring "a");
		timer.stop(id);
		clock.advance(10);
		assert.same({}, rang);
		assert.has_no_error(function () timer.stop(id); end);
	end);

	it("can be stopped by its own callback", function ()
		local id;
		id = timer.add_task(1, function ()
			table.insert(rang, "a");
			timer.stop(id);
			return 1;
		end);
		clock.advance(10);
		assert.same({ "a" }, rang);
	end);

	it("can be put off, and brought forward", function ()
		local later, sooner = timer.add_task(1, ring "later"), timer.add_task(10, ring "sooner");
		timer.reschedule(later, 5);
		timer.reschedule(sooner, 2);
		clock.advance(1.5);
		assert.same({}, rang);
		clock.advance(10);
		assert.same({ "sooner", "later" }, rang);
	end);

	it("goes on with the others when a callback throws", function ()
		timer.add_task(1, function () error("oops"); end);
		timer.add_task(2, ring "b");
		clock.advance(5);
		assert.same({ "b" }, rang);
	end);

	it("takes tasks that are added by callbacks", function ()
		timer.add_task(1, function () timer.add_task(1, ring "inner"); end);
		clock.advance(1.5);
		assert.same({}, rang);
		clock.advance(1);
		assert.same({ "inner" }, rang);
	end);
end);
