--- Lists of arguments, which may have nils among them and at their end: `n` says how many there are.

local copies = require "luassert.copies";

local arguments = {};

local metatable = {};

--- The arguments as a list.
function arguments.pack(...)
	return setmetatable({ n = select("#", ...), ... }, metatable);
end

--- Whether a value is such a list.
function arguments.is_list(value)
	return getmetatable(value) == metatable;
end

function arguments.unpack(list, first, last)
	return table.unpack(list, first or 1, last or list.n or #list);
end

--- Inserts a value, at the end if no position is given. Also takes lists without `n`.
function arguments.insert(list, ...)
	local position, value = ...;
	local count = (list.n or #list) + 1;
	if select("#", ...) < 2 then position, value = count, position; end
	for i = count, position + 1, -1 do
		list[i] = list[i - 1];
	end
	list[position] = value;
	list.n = math.max(count, position);
end

--- Removes a value, the last one if no position is given, and returns it.
function arguments.remove(list, position)
	local count = list.n or #list;
	list.n = count;
	position = position or count;
	local value = list[position];
	if position > count then
		list[position] = nil;
		return value;
	end
	for i = position, count do
		list[i] = list[i + 1];
	end
	list.n = count - 1;
	return value;
end

--- Makes a list empty.
function arguments.clear(list)
	for i = list.n, 1, -1 do
		list[i] = nil;
	end
	list.n = nil;
end

--- Swaps the first two: tests name what they expect first, messages last.
function arguments.swap(list)
	list[1], list[2] = list[2], list[1];
end

--- What a call was made with: `vals` as they were then, and the very values as `refs`.
function arguments.keep(list)
	local vals = {};
	for key, value in pairs(list) do
		vals[key] = copies.as_it_is(value);
	end
	return { vals = setmetatable(vals, metatable); refs = copies.shallow(list) };
end

return arguments;
