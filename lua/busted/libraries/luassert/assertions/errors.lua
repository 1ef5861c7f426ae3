--- Functions that raise errors.

local assert = require "luassert.assert";
local calls = require "luassert.calls";
local checks = require "luassert.checks";
local comparison = require "luassert.comparison";
local copies = require "luassert.copies";
local failure = require "busted.failure";
local pattern_arguments = require "luassert.pattern_arguments";
local say_first = require "luassert.say_first";

--- Calls a function. @return whether it returned, and what it raised, a message without its place
local function try(fn)
	local ok, raised = pcall(fn);
	if type(raised) == "string" then raised = raised:gsub("^.-:%d+: ", "", 1); end
	return ok, raised;
end

--- What is said if it is not as expected.
local function tell(args, ok, raised, expected)
	args[1], args[2], args.n = raised, expected, 2;
	args.nofmt = {};
	if ok then args[1], args.nofmt[1] = "(no error)", true; end
	if expected == nil then args[2], args.nofmt[2] = "(error)", true; end
end

--- Whether what was raised is what was expected; a text is compared with a text, a number with a text of it.
-- @return and what was raised, as it was compared
local function is_expected(raised, expected)
	if type(expected) == "string" then
		if failure.has_text(raised) then raised = tostring(raised); end
		if type(raised) == "string" then return raised == expected, raised; end
	elseif type(expected) == "number" and type(raised) == "string" then
		return tostring(expected) == tostring(tonumber(raised)), raised;
	end
	return comparison.same(expected, raised, true), raised;
end

local function has_error(chain, args)
	local results = copies.shallow(args);
	local fn, expected, message = args[1], args[2], args[3];
	checks.type(calls.is_callable(fn), 1, "error", "function or callable object", type(fn));
	local ok, raised = try(fn);
	tell(args, ok, raised, expected);
	say_first(chain, message);
	if ok or expected == nil then
		results[1] = raised;
		return not ok, results;
	end
	local holds;
	holds, results[1] = is_expected(raised, expected);
	return holds, results;
end

local function error_matches(chain, args)
	local results = copies.shallow(args);
	local fn, pattern = args[1], args[2];
	checks.count("error_matches", args, 2);
	checks.type(calls.is_callable(fn), 1, "error_matches", "function or callable object", type(fn));
	checks.type(pattern == nil or type(pattern) == "string", 2, "error", "string", type(pattern));
	local search = pattern_arguments.read(args);
	local ok, raised = try(fn);
	tell(args, ok, raised, pattern);
	say_first(chain, search.message);
	results[1] = raised;
	if ok then return false, results; end
	if raised == nil and pattern == nil then return true, {}; end
	if not pattern_arguments.is_text(raised) and type(raised) ~= "boolean" then return false, results; end
	results[1] = tostring(raised);
	local holds, captures = search.find(results[1], pattern);
	return holds, holds and captures or results;
end

for name, assertion in pairs {
	error = has_error, errors = has_error, error_matches = error_matches, error_match = error_matches,
	matches_error = error_matches, match_error = error_matches,
} do
	assert:register("assertion", name, assertion, "assertion.error.positive", "assertion.error.negative");
end
