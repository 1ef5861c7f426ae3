--- The engine: what is registered for chains of words, and how a test fails.

local arguments = require "luassert.arguments";
local blame = require "luassert.blame";
local failure = require "busted.failure";
local namespaces = require "luassert.namespaces";
local say = require "say";
local state = require "luassert.state";
local words = require "luassert.words";

local assert = {
	_VERSION = "Luassert 1.9.0";
	add_formatter = function (_, formatter) state.add_formatter(formatter); end;
	remove_formatter = function (_, formatter) state.remove_formatter(formatter); end;
	set_parameter = function (_, name, value) state.set_parameter(name, value); end;
	get_parameter = function (_, name) return state.get_parameter(name); end;
	add_spy = function (_, spy) state.add_spy(spy); end;
	snapshot = function () return state.snapshot(); end;
};

--- Registers an assertion, a modifier, a matcher, or something of a kind of one's own.
-- @param positive, negative keys of what to say if it does not hold, or holds against expectation
function assert:register(kind, name, callback, positive, negative)
	namespaces[kind] = namespaces[kind] or {};
	name = name:lower();
	namespaces[kind][name] = {
		name = name; callback = callback; positive_message = positive; negative_message = negative;
	};
end

function assert:unregister(kind, name)
	namespaces[kind] = namespaces[kind] or {};
	namespaces[kind][name:lower()] = nil;
end

--- Replaces arguments by their texts, save those that `nofmt` names.
function assert:format(args)
	local plain, extra = args.nofmt or {}, args.fmtargs or {};
	for i = 1, args.n or #args do
		if not plain[i] then
			args[i] = state.format_argument(args[i], nil, extra[i]) or tostring(args[i]);
		end
	end
	return args;
end

local level_metatable = {};

--- A value to hand to `assert(value, message, level)`: whom a failure is to name, 1 being the caller.
function assert:level(level)
	return setmetatable({ level = level }, level_metatable);
end

--- The number in such a value, nil if it is none.
function assert:get_level(level)
	if getmetatable(level) == level_metatable then return level.level; end
end

--- What to say of an assertion, below what the test says itself.
local function message_of(key, own, args)
	local message = say(key, assert:format(args));
	if own == nil then return message; end
	if failure.has_text(own) then own = tostring(own); else own = state.format_argument(own); end
	return message and own.."\n"..message or own;
end

--- A new chain of words.
assert.state = words.chains("assertion", function (chain, assertion, args, ...)
	local holds, results = assertion.callback(chain, args, blame());
	if not holds == chain.mod then
		local key = chain.mod and assertion.positive_message or assertion.negative_message;
		local message = message_of(key, rawget(chain, "failure_message"), args);
		failure.raise(message or "assertion failed!", blame());
	end
	if results then return arguments.unpack(results); end
	return ...;
end);

return setmetatable(assert, {
	__index = function (_, key)
		return assert.state()[key];
	end;
	__call = function (_, value, message, level, ...)
		if not value then
			failure.raise(message or "assertion failed!", (assert:get_level(level) or 1) + 1);
		end
		return value, message, level, ...;
	end;
});
