--- Matchers of one value.

local assert = require "luassert.assert";
local checks = require "luassert.checks";
local comparison = require "luassert.comparison";
local formatted = require "luassert.formatted";
local has_own_text = require "busted.failure".has_text;

local function register(name, callback)
	assert:register("matcher", name, callback);
end

--- A matcher that takes no arguments.
local function plain(name, test)
	register(name, function () return test; end);
end

plain("true", function (value) return value == true; end);
plain("false", function (value) return value == false; end);
plain("truthy", function (value) return value ~= false and value ~= nil; end);
plain("falsy", function (value) return not value; end);
for _, name in ipairs { "nil", "boolean", "number", "string", "table", "function", "userdata", "thread" } do
	plain(name, function (value) return type(value) == name; end);
end

local function equals(_, args)
	checks.count("equals", args, 1);
	return function (value) return value == args[1]; end;
end

local function matches(_, args)
	checks.count("matches", args, 1);
	local pattern, init, is_plain = args[1], args[2], args[3];
	checks.type(type(pattern) == "string", 1, "matches", "string", type(pattern));
	checks.type(init == nil or tonumber(init), 2, "matches", "number", type(init));
	return function (value)
		local has_text = type(value) == "number" or type(value) ~= "userdata" and has_own_text(value);
		return has_text and tostring(value):find(pattern, init, is_plain) ~= nil;
	end;
end

register("equals", equals);
register("equal", equals);
register("matches", matches);
register("match", matches);

register("same", function (_, args)
	checks.count("same", args, 1);
	return function (value) return (comparison.same(value, args[1], true)); end;
end);

register("near", function (_, args)
	checks.count("near", args, 2);
	local numbers = {};
	for i = 1, 2 do
		numbers[i] = tonumber(args[i]);
		checks.type(numbers[i], i, "near", "number or object convertible to a number", formatted(args[i]));
	end
	local expected, tolerance = numbers[1], numbers[2];
	return function (value)
		local actual = tonumber(value);
		return actual ~= nil and actual >= expected - tolerance and actual <= expected + tolerance;
	end;
end);

local objects = { table = true, ["function"] = true, thread = true, userdata = true };

register("ref", function (_, args)
	checks.count("ref", args, 1);
	checks.type(objects[type(args[1])], 1, "ref", "object", type(args[1]));
	return function (value) return value == args[1]; end;
end);

register("unique", function (_, args)
	return function (list)
		return comparison.is_unique(list, args[1]);
	end;
end);
