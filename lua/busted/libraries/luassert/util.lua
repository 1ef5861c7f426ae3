--- The names by which assertions outside of this package know what they need.

local arguments = require "luassert.arguments";
local blame = require "luassert.blame";
local calls = require "luassert.calls";
local comparison = require "luassert.comparison";
local copies = require "luassert.copies";
local failure = require "busted.failure";
local words = require "luassert.words";

return {
	pack = table.pack;
	unpack = arguments.unpack;
	deepcompare = comparison.same;
	shallowcopy = copies.shallow;
	deepcopy = copies.deep;
	copyargs = arguments.keep;
	cleararglist = arguments.clear;
	make_arglist = arguments.pack;
	is_arglist = arguments.is_list;
	tinsert = arguments.insert;
	tremove = arguments.remove;
	matchargs = calls.last_match;
	matchoncalls = calls.first_expected;
	callable = calls.is_callable;
	hastostring = failure.has_text;
	errorlevel = function (level) return blame() + (level or 1) - 1; end;
	extract_keys = words.names;
};
