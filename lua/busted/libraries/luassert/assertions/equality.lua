--- Values that are equal, the same, near each other, or unique in a list.

local arguments = require "luassert.arguments";
local assert = require "luassert.assert";
local checks = require "luassert.checks";
local comparison = require "luassert.comparison";
local formatted = require "luassert.formatted";
local say_first = require "luassert.say_first";

local function equals(chain, args)
	checks.count("equals", args, 2);
	arguments.swap(args);
	say_first(chain, args[3]);
	return args[1] == args[2];
end

local function same(chain, args)
	checks.count("same", args, 2);
	local holds, path = comparison.same(args[1], args[2], true);
	arguments.swap(args);
	args.fmtargs = { { crumbs = path }, { crumbs = path } };
	say_first(chain, args[3]);
	return holds;
end

local function near(chain, args)
	checks.count("near", args, 3);
	local numbers = {};
	for i = 1, 3 do
		numbers[i] = tonumber(args[i]);
		checks.type(numbers[i], i, "near", "number or object convertible to a number", formatted(args[i]));
	end
	local expected, actual, tolerance = table.unpack(numbers);
	arguments.swap(args);
	args[3] = tolerance;
	args.nofmt = { [3] = true };
	say_first(chain, args[4]);
	return actual >= expected - tolerance and actual <= expected + tolerance;
end

local function unique(chain, args)
	local is_deep, message;
	if type(args[2]) == "boolean" or args[2] == nil and args.n > 2 then
		is_deep, message = args[2], args[3];
	else
		is_deep, message = args[3] == true, args[2];
	end
	say_first(chain, message);
	return comparison.is_unique(args[1], is_deep);
end

for name, assertion in pairs {
	equals = { equals, "equals" }, equal = { equals, "equals" }, same = { same, "same" }, near = { near, "near" },
	unique = { unique, "unique" },
} do
	local key = "assertion."..assertion[2];
	assert:register("assertion", name, assertion[1], key..".positive", key..".negative");
end
