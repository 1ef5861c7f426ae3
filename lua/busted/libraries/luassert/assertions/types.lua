--- Truth, and types of values.

local arguments = require "luassert.arguments";
local assert = require "luassert.assert";
local checks = require "luassert.checks";
local say_first = require "luassert.say_first";

local function register(name, callback, message)
	assert:register("assertion", name, callback, message..".positive", message..".negative");
end

local function is_exactly(value)
	return function (chain, args)
		arguments.insert(args, 2, value);
		say_first(chain, args[3]);
		return args[1] == value;
	end;
end

local function is_of_type(name)
	return function (chain, args)
		arguments.insert(args, 2, "type "..name);
		args.nofmt = { [2] = true };
		say_first(chain, args[3]);
		return type(args[1]) == name;
	end;
end

local function truth(name, expected)
	return function (chain, args)
		checks.count(name, args, 1);
		say_first(chain, args[2]);
		return not args[1] ~= expected;
	end;
end

register("true", is_exactly(true), "assertion.same");
register("false", is_exactly(false), "assertion.same");
for _, name in ipairs { "boolean", "number", "string", "table", "nil", "userdata", "function", "thread" } do
	register(name, is_of_type(name), "assertion.same");
end
register("truthy", truth("truthy", true), "assertion.truthy");
register("falsy", truth("falsy", false), "assertion.falsy");

register("returned_arguments", function (_, args)
	local expected, count = tostring(args[1]), tostring(args.n - 1);
	args[1], args[2] = expected, count;
	args.n = math.max(args.n, 2);
	args.nofmt = { true, true };
	return expected == count;
end, "assertion.returned_arguments");
