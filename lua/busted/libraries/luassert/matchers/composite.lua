--- Matchers made of others.

local assert = require "luassert.assert";
local checks = require "luassert.checks";
local match = require "luassert.match";

--- @param decides what a matcher says that settles it
-- @param settled the answer then
local function register(name, short_name, decides, settled)
	assert:register("matcher", name, function (_, args)
		checks.count(short_name, args, 1);
		for i = 1, args.n do
			checks.type(match.is_matcher(args[i]), 1, short_name, "matcher", type(args[i]));
		end
		return function (value)
			for _, matcher in ipairs(args) do
				if matcher(value) == decides then return settled; end
			end
			return not settled;
		end;
	end);
end

register("none_of", "none", true, false);
register("any_of", "any", true, true);
register("all_of", "all", false, false);
