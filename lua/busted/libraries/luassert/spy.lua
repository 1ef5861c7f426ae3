--- Functions that remember how they were called.

local arguments = require "luassert.arguments";
local assert = require "luassert.assert";
local blame = require "luassert.blame";
local calls = require "luassert.calls";
local copies = require "luassert.copies";
local say_first = require "luassert.say_first";

local spy = {};

local metatable = {};

function metatable.__call(self, ...)
	table.insert(self.calls, arguments.keep(arguments.pack(...)));
	local results = arguments.pack(self.callback(...));
	table.insert(self.returnvals, arguments.keep(results));
	return arguments.unpack(results);
end

--- The values of the last of the calls that match, or of the last call.
local function look_for(made, expected)
	local matching = calls.last_match(made, expected);
	if matching then return true, matching.vals; end
	local last = made[#made];
	return false, last and last.vals;
end

-- These are fields of each spy, as its metatable's __index is not its own.
local methods = {};

--- Puts back what the spy stands in for. @return it
function methods:revert()
	if not self.reverted then
		if self.target_table and self.target_key then self.target_table[self.target_key] = self.callback; end
		self.reverted = true;
	end
	return self.callback;
end

--- Forgets the calls so far.
function methods:clear()
	self.calls, self.returnvals = {}, {};
	return self;
end

--- @return whether it was called that often, or at all, and how often it was
function methods:called(times, compare)
	local count = #self.calls;
	if compare then return compare(count, times), count; end
	if times then return count == times, count; end
	return count > 0, count;
end

--- @return whether it was called with these arguments, and what to show for it
function methods:called_with(args)
	return look_for(self.calls, args);
end

--- @return whether it returned these values, and what to show for it
function methods:returned_with(args)
	return look_for(self.returnvals, args);
end

--- A spy on a function, or on one that does nothing.
function spy.new(callback)
	callback = callback or function () end;
	if not calls.is_callable(callback) then
		error(("Cannot spy on type '%s', only on functions or callable elements"):format(type(callback)), blame());
	end
	local self = { calls = {}; returnvals = {}; callback = callback };
	for name, method in pairs(methods) do
		self[name] = method;
	end
	setmetatable(self, metatable);
	assert:add_spy(self);
	return self;
end

--- A spy that takes a function's place in a table, until it is reverted.
function spy.on(target, key)
	local self = spy.new(target[key]);
	target[key] = self;
	self.target_table, self.target_key = target, key;
	return self;
end

function spy.is_spy(value)
	return type(value) == "table" and getmetatable(value) == metatable;
end

--- The spy that a chain is about, which has this method.
local function subject(chain, method)
	local payload = rawget(chain, "payload");
	if method == "called" and type(payload) == "function" then
		error("When calling 'spy(aspy)', 'aspy' must not be the original function, but the spy function replacing the "
			.."original", blame());
	end
	if type(payload) ~= "table" or not payload[method] then
		error(("'%s' must be chained after 'spy(aspy)'"):format(method), blame());
	end
	return payload;
end

local function with_values(method)
	return function (chain, args)
		local holds, shown = subject(chain, method)[method](subject(chain, method), args);
		local expected = copies.shallow(args);
		arguments.clear(args);
		args[1], args[2], args.n = shown, expected, 2;
		return holds;
	end;
end

local function called(compare)
	return function (chain, args)
		local times = args[1];
		if not times and not chain.mod then
			-- Not to be called is to be called no times, which says more.
			chain.mod, times = true, 0;
		end
		local holds, count = subject(chain, "called"):called(times, compare);
		args[1], args[2], args.n = tostring(times or ">0"), tostring(count), 2;
		args.nofmt = { true, true };
		return holds;
	end;
end

local function register(name, callback, positive, negative)
	assert:register("assertion", name, callback, "assertion."..positive, "assertion."..negative);
end

assert:register("modifier", "spy", function (chain, args)
	chain.payload = args[1];
	say_first(chain, args[2]);
end);
register("returned_with", with_values("returned_with"), "returned_with.positive", "returned_with.negative");
register("called_with", with_values("called_with"), "called_with.positive", "called_with.negative");
register("called", called(), "called.positive", "called.negative");
register("called_at_least", called(function (count, times) return count >= times; end),
	"called_at_least.positive", "called_less_than.positive");
register("called_at_most", called(function (count, times) return count <= times; end),
	"called_at_most.positive", "called_more_than.positive");
register("called_more_than", called(function (count, times) return count > times; end),
	"called_more_than.positive", "called_at_most.positive");
register("called_less_than", called(function (count, times) return count < times; end),
	"called_less_than.positive", "called_at_least.positive");

return setmetatable(spy, { __call = function (_, ...) return spy.new(...); end });
