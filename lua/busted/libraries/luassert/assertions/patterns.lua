--- Texts that match patterns. The errors that do are in `errors.lua`.

local arguments = require "luassert.arguments";
local assert = require "luassert.assert";
local checks = require "luassert.checks";
local formatted = require "luassert.formatted";
local pattern_arguments = require "luassert.pattern_arguments";
local say_first = require "luassert.say_first";

local function matches(chain, args)
	checks.count("matches", args, 2);
	local pattern, text = args[1], args[2];
	local search = pattern_arguments.read(args);
	checks.type(type(pattern) == "string", 1, "matches", "string", type(pattern));
	checks.type(pattern_arguments.is_text(text), 2, "matches", "string or object convertible to a string",
		formatted(text));
	arguments.swap(args);
	say_first(chain, search.message);
	return search.find(tostring(text), pattern);
end

for _, name in ipairs { "matches", "match" } do
	assert:register("assertion", name, matches, "assertion.matches.positive", "assertion.matches.negative");
end
