--- Calls that were made, compared with those that were expected.

local comparison = require "luassert.comparison";
local match = require "luassert.match";

local calls = {};

--- Whether a value can be called.
function calls.is_callable(value)
	return type(value) == "function" or type((debug.getmetatable(value) or {}).__call) == "function";
end

--- Whether arguments are as expected: each is the same, or what a matcher takes.
-- @param refs the very arguments, of which `vals` are copies
local function match_lists(vals, refs, expected)
	for key, value in pairs(vals) do
		local wanted = expected[key];
		if match.is_matcher(wanted) then
			if match.is_ref_matcher(wanted) then value = refs[key]; end
			if not wanted(value) then return false; end
		elseif wanted == nil or not comparison.same(value, wanted) then
			return false;
		end
	end
	for key, wanted in pairs(expected) do
		if vals[key] == nil and not (match.is_matcher(wanted) and wanted(nil)) then return false; end
	end
	return true;
end

--- The last of the calls that were made with these arguments, or nil.
function calls.last_match(made, expected)
	for i = #made, 1, -1 do
		if match_lists(made[i].vals, made[i].refs, expected) then return made[i]; end
	end
end

--- The first of the calls that are expected which has these arguments, or nil.
function calls.first_expected(expected, args)
	for _, call in ipairs(expected) do
		if match_lists(args, args, call.vals) then return call; end
	end
end

return calls;
