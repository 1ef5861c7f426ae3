--- Spies that take the place of a function and do what the test says instead.

local arguments = require "luassert.arguments";
local assert = require "luassert.assert";
local calls = require "luassert.calls";
local checks = require "luassert.checks";
local spy = require "luassert.spy";

local stub = {};

--- A function that returns these values.
local function returning(...)
	local values = table.pack(...);
	return function () return table.unpack(values, 1, values.n); end;
end

--- Gives `returns` and `invokes`, which say what is done, and return the stub.
local function choices(set, self)
	return {
		returns = function (...)
			set(returning(...));
			return self;
		end;
		invokes = function (fn)
			set(function (...) return fn(...); end);
			return self;
		end;
	};
end

--- A stub in place of what a table has under a key, or one that is in no table.
-- @param ... the values that it returns, or the one function that it calls
function stub.new(target, key, ...)
	if target == nil and key == nil then target, key = {}, ""; end
	checks.that(type(target) == "table" and key ~= nil,
		"stub.new(): Can only create stub on a table key, call with 2 params; table, key");
	local original = target[key];
	checks.that(original == nil or calls.is_callable(original),
		"stub.new(): The element for which to create a stub must either be callable, or be nil");

	local default = select("#", ...) == 1 and calls.is_callable((...)) and (...) or returning(...);
	local expected, reactions = {}, {};
	target[key] = function (...)
		local call = calls.first_expected(expected, arguments.pack(...));
		return (call and reactions[call] or default)(...);
	end;
	local self = spy.on(target, key);

	function self:revert()
		if not self.reverted then
			target[key] = original;
			self.reverted = true;
		end
		return original;
	end

	self.by_default = choices(function (fn) default = fn; end, self);
	self.returns, self.invokes = self.by_default.returns, self.by_default.invokes;

	function self.on_call_with(...)
		local call = arguments.keep(arguments.pack(...));
		return choices(function (fn)
			table.insert(expected, call);
			reactions[call] = fn;
		end, self);
	end

	return self;
end

assert:register("modifier", "stub", function (chain, args)
	chain.payload = args[1];
	chain.failure_message = args[2];
end);

return setmetatable(stub, { __call = function (_, ...) return stub.new(...); end });
