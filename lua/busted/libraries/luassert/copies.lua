--- Copies of values.

local copies = {};

local function is_special(value)
	return require "luassert.spy".is_spy(value) or require "luassert.match".is_matcher(value);
end

--- A table with the same entries and the same metatable; any other value itself.
function copies.shallow(value)
	if type(value) ~= "table" then return value; end
	local copy = {};
	for key, entry in next, value do
		copy[key] = entry;
	end
	return setmetatable(copy, getmetatable(value));
end

--- A table whose tables are copied as well, save spies, and however they lead to each other.
-- @param copies_metatables whether metatables are, too
function copies.deep(value, copies_metatables, known)
	if type(value) ~= "table" then return value; end
	known = known or {};
	if known[value] then return known[value]; end
	local copy = {};
	known[value] = copy;
	for key, entry in next, value do
		local is_spy = require "luassert.spy".is_spy(entry);
		copy[key] = is_spy and entry or copies.deep(entry, copies_metatables, known);
	end
	local metatable = debug.getmetatable(value);
	if copies_metatables then metatable = copies.deep(metatable, false, known); end
	return debug.setmetatable(copy, metatable);
end

--- What keeps an argument as it is now: a deep copy, save of spies and matchers.
function copies.as_it_is(value)
	return is_special(value) and value or copies.deep(value);
end

return copies;
