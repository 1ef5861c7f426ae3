local events = require "util.events";

describe("util.events", function ()
	local registry, ran;
	local function handler(name)
		return function () table.insert(ran, name); end;
	end
	before_each(function ()
		registry, ran = events.new(), {};
	end);

	it("runs handlers of one priority in the order added", function ()
		for i = 1, 20 do registry.add_handler("event", handler(i)); end
		registry.fire_event("event");
		for i = 1, 20 do assert.equal(i, ran[i]); end
	end);

	it("keeps to the handlers there were when it was fired", function ()
		local second = handler("second");
		registry.add_handler("event", function ()
			registry.remove_handler("event", second);
			registry.add_handler("event", handler("third"));
		end);
		registry.add_handler("event", second);
		registry.fire_event("event");
		assert.same({ "second" }, ran);
	end);

	it("ends with the first result", function ()
		registry.add_handler("event", function () return false; end);
		registry.add_handler("event", handler("never"), -1);
		assert.is_false(registry.fire_event("event"));
		assert.same({}, ran);
	end);
end);
