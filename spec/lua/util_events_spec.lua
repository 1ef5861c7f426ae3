local events = require "util.events";

describe("util.events", function ()
	local registry, ran;
	local function handler(name, result)
		return function ()
			table.insert(ran, name);
			return result;
		end;
	end
	before_each(function ()
		registry, ran = events.new(), {};
	end);

	it("gives handlers the event's data", function ()
		local data, seen = { user = "__proto__" }, nil;
		registry.add_handler("event", function (given) seen = given; end);
		registry.fire_event("event", data);
		assert.equal(data, seen);
	end);

	it("fires to nobody", function ()
		assert.is_nil(registry.fire_event("event"));
		assert.is_nil(registry.get_handlers("event"));
	end);

	it("takes any name for an event", function ()
		for _, name in ipairs { "__index", "", "\255", "iq-set/self/urn:xmpp:push:0:enable" } do
			registry.add_handler(name, handler(name, name));
			assert.equal(name, registry.fire_event(name));
		end
	end);

	describe("order", function ()
		it("is by priority, high to low, 0 where there is none", function ()
			registry.add_handler("event", handler("low"), -1);
			registry.add_handler("event", handler("zero"));
			registry.add_handler("event", handler("fraction"), 0.5);
			registry.add_handler("event", handler("high"), 10);
			registry.fire_event("event");
			assert.same({ "high", "fraction", "zero", "low" }, ran);
		end);

		it("is the order of adding within one priority #ours", function ()
			for i = 1, 20 do registry.add_handler("event", handler(i)); end
			registry.fire_event("event");
			for i = 1, 20 do assert.equal(i, ran[i]); end
		end);
	end);

	describe("results", function ()
		for _, result in ipairs { true, false, 0, "" } do
			it("end the event: "..tostring(result), function ()
				registry.add_handler("event", handler("first", result));
				registry.add_handler("event", handler("never"), -1);
				assert.equal(result, registry.fire_event("event"));
				assert.same({ "first" }, ran);
			end);
		end

		it("do not end it where they are nil", function ()
			registry.add_handler("event", handler("first", nil), 1);
			registry.add_handler("event", handler("second", "done"));
			assert.equal("done", registry.fire_event("event"));
		end);
	end);

	it("lets errors of handlers through, and goes on to work", function ()
		local broken = function () error("oops", 0); end
		registry.add_handler("event", broken);
		assert.has_error(function () registry.fire_event("event"); end, "oops");
		registry.remove_handler("event", broken);
		registry.add_handler("event", handler("fine"));
		registry.fire_event("event");
		assert.same({ "fine" }, ran);
	end);

	describe("changes while it runs", function ()
		it("take effect the next time #ours", function ()
			local second, changed = handler("second"), false;
			registry.add_handler("event", function ()
				if changed then return; end
				changed = true;
				registry.remove_handler("event", second);
				registry.add_handler("event", handler("third"));
			end, 1);
			registry.add_handler("event", second);
			registry.fire_event("event");
			assert.same({ "second" }, ran);
			registry.fire_event("event");
			assert.same({ "second", "third" }, ran);
		end);

		it("may be a handler that removes itself", function ()
			local function once()
				table.insert(ran, "once");
				registry.remove_handler("event", once);
			end
			registry.add_handler("event", once);
			registry.fire_event("event");
			registry.fire_event("event");
			assert.same({ "once" }, ran);
		end);
	end);

	describe("removing", function ()
		it("leaves the others", function ()
			local first, second = handler("first"), handler("second");
			registry.add_handler("event", first);
			registry.add_handler("event", second);
			registry.remove_handler("event", first);
			registry.fire_event("event");
			assert.same({ "second" }, ran);
		end);

		it("leaves nothing behind after the last", function ()
			local only = handler("only");
			registry.add_handler("event", only);
			registry.remove_handler("event", only);
			assert.is_nil(registry.fire_event("event"));
			assert.is_nil(registry._handlers.event);
			assert.is_nil(registry._event_map.event);
		end);

		it("passes over what was never added", function ()
			registry.remove_handler("event", handler("stranger"));
			registry.add_handler("event", handler("first"));
			registry.remove_handler("event", handler("stranger"));
			registry.fire_event("event");
			assert.same({ "first" }, ran);
		end);
	end);

	it("changes the priority of a handler that is added again", function ()
		local first, second = handler("first"), handler("second");
		registry.add_handler("event", first, 2);
		registry.add_handler("event", second, 1);
		registry.add_handler("event", first, 0);
		registry.fire_event("event");
		assert.same({ "second", "first" }, ran);
	end);

	it("adds and removes several at a time", function ()
		local handlers = { one = handler("one"), two = handler("two") };
		registry.add_handlers(handlers);
		registry.fire_event("one");
		registry.fire_event("two");
		registry.remove_handlers(handlers);
		registry.fire_event("one");
		assert.same({ "one", "two" }, ran);
	end);

	it("lists handlers in the order they run", function ()
		local low, high = handler("low"), handler("high");
		registry.add_handler("event", low, -1);
		registry.add_handler("event", high, 1);
		assert.same({ high, low }, registry.get_handlers("event"));
	end);

	describe("wrappers", function ()
		it("decide whether and with what handlers run", function ()
			registry.add_handler("event", function (data) return data.."!"; end);
			registry.add_wrapper("event", function (inner, name, data)
				return name..":"..inner(name, data..data);
			end);
			assert.equal("event:hi hi !", registry.fire_event("event", "hi "));
		end);

		it("run the last one added first", function ()
			for _, name in ipairs { "inner", "outer" } do
				registry.add_wrapper("event", function (inner, event, data)
					table.insert(ran, name);
					return inner(event, data);
				end);
			end
			registry.fire_event("event");
			assert.same({ "outer", "inner" }, ran);
		end);

		it("of all events run inside of an event's own", function ()
			for event, name in pairs { [false] = "all", event = "own" } do
				registry.add_wrapper(event, function (inner, ...)
					table.insert(ran, name);
					return inner(...);
				end);
			end
			registry.fire_event("event");
			registry.fire_event("other");
			assert.same({ "own", "all", "all" }, ran);
		end);

		it("are taken away", function ()
			local wrapper = function () return "wrapped"; end
			registry.wrappers.add_handler("event", wrapper);
			assert.equal("wrapped", registry.fire_event("event"));
			registry.wrappers.remove_handler("event", wrapper);
			assert.is_nil(registry.fire_event("event"));
		end);

		it("stay where another is taken away", function ()
			local inner, outer = function () return "inner"; end, function () return "outer"; end
			registry.add_wrapper("event", inner);
			registry.add_wrapper("event", outer);
			registry.remove_wrapper("event", outer);
			registry.remove_wrapper("unheard-of", outer);
			assert.equal("inner", registry.fire_event("event"));
		end);
	end);

	it("hands each handler to the debug hook, until there is none", function ()
		registry.add_handler("event", handler("ran", "result"));
		local hook = spy.new(function (run, _, data) return run(data).." hooked"; end);
		assert.is_nil(registry.set_debug_hook(hook));
		assert.equal("result hooked", registry.fire_event("event", "data"));
		assert.spy(hook).was_called_with(match.is_function(), "event", "data");
		assert.equal(hook, registry.set_debug_hook(nil));
		assert.equal("result", registry.fire_event("event"));
	end);
end);
