--- What follows pattern and text in an assertion: where to start, whether the pattern is plain text, and, anywhere
-- among them, a message.

local arguments = require "luassert.arguments";
local checks = require "luassert.checks";
local failure = require "busted.failure";

local pattern_arguments = {};

local function take_message(args)
	for i = 3, args.n do
		local value = args[i];
		if value and type(value) ~= "boolean" and not tonumber(value) then
			return arguments.remove(args, i), i == 3;
		end
	end
end

--- Whether a value is a string, a number, or has a text of its own.
function pattern_arguments.is_text(value)
	return failure.has_text(value) or type(value) == "number";
end

--- Reads them; the message is taken out.
-- @return the `message`, and `find(text, pattern)`, which gives whether the pattern is found, and what it captures
function pattern_arguments.read(args)
	local message, came_first = take_message(args);
	local init, is_plain = args[3], args[4];
	checks.type(init == nil or tonumber(init), came_first and 4 or 3, "matches", "number", type(init));
	local function find(text, pattern)
		if is_plain then
			local is_found = text:find(pattern, init, true) ~= nil;
			return is_found, is_found and { pattern } or {};
		end
		local captures = table.pack(text:match(pattern, init));
		return captures[1] ~= nil, captures;
	end
	return { message = message; find = find };
end

return pattern_arguments;
